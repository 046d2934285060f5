"""A VAE of pythae, saved by its trainer as pythae_model/ beside this file; its mse has the variance 1."""

import pathlib

import torch
from pythae.models import AutoModel

from bench import Given
from bench.models.distributions import StandardNormal

model = AutoModel.load_from_folder(str(pathlib.Path(__file__).with_name("pythae_model"))).eval()


@torch.no_grad()
def posterior(images):
    found = model.encoder(torch.tensor(images).permute(0, 3, 1, 2))
    return found.embedding, found.log_covariance


@torch.no_grad()
def decode(codes):
    return model.decoder(torch.tensor(codes)).reconstruction.permute(0, 2, 3, 1)


coder = Given(
    posterior=posterior, decode=decode, prior=StandardNormal(size=model.latent_dim), log_likelihood=1.0
)
