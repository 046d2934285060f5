"""AutoencoderKL of diffusers, saved as diffusers_model/ beside this file; it sees values from -1 to 1."""

import pathlib

import torch
from diffusers import AutoencoderKL

from bench import Given

model = AutoencoderKL.from_pretrained(pathlib.Path(__file__).with_name("diffusers_model")).eval()
side = 28 // 2 ** (len(model.config.block_out_channels) - 1)


@torch.no_grad()
def posterior(images):
    found = model.encode(2 * torch.tensor(images).permute(0, 3, 1, 2) - 1).latent_dist
    return found.mean.flatten(1), found.logvar.flatten(1)


@torch.no_grad()
def decode(codes):
    grid = torch.tensor(codes).reshape(-1, model.config.latent_channels, side, side)
    return (model.decode(grid).sample.permute(0, 2, 3, 1) / 2 + 0.5).clamp(0, 1)


coder = Given(posterior=posterior, decode=decode, batch_size=100)
