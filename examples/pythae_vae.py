"""A VAE of pythae, saved by its trainer as pythae_model/ beside this file; its mse has the variance 1."""

import pathlib

import torch
from pythae.models import AutoModel

from bench import Given
from bench.models.distributions import StandardNormal
from bench.models.likelihoods import gaussian_log_likelihood as gaussian

model = AutoModel.load_from_folder(str(pathlib.Path(__file__).with_name("pythae_model"))).eval()
def posterior(images):
    with torch.no_grad():
        found = model.encoder(torch.tensor(images).permute(0, 3, 1, 2))
    return found.embedding, found.log_covariance
def decode(codes):
    with torch.no_grad():
        return model.decoder(torch.tensor(codes)).reconstruction.permute(0, 2, 3, 1).numpy()
coder = Given(posterior=posterior, decode=decode, prior=StandardNormal(size=model.latent_dim),
              log_likelihood=lambda images, codes: gaussian(images, decode(codes), 1.0))
