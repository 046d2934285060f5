"""A VAE of the package `autoencoders` on rows of pixels, saved as autoencoders_model/ beside this file."""

import pathlib

import torch
from autoencoders import VariationalAutoencoderModel

from bench import Given
from bench.models.distributions import StandardNormal

SHAPE = (28, 28, 1)
here = pathlib.Path(__file__)
model = VariationalAutoencoderModel.from_pretrained(here.with_name("autoencoders_model")).eval()


@torch.no_grad()
def posterior(images):
    return model.encode(torch.tensor(images).flatten(1))


@torch.no_grad()
def decode(codes):
    return model.decode(torch.tensor(codes)).clamp(0, 1).reshape(-1, *SHAPE)


coder = Given(posterior=posterior, decode=decode, prior=StandardNormal(size=model.config.latent_dim))
