"""A network of plain PyTorch with `encoder` and `decoder`, saved whole as network.pt beside this file."""

import pathlib

import torch

from bench import Given

network = torch.load(pathlib.Path(__file__).with_name("network.pt"), weights_only=False).eval()


@torch.no_grad()
def encode(images):
    return network.encoder(torch.tensor(images).permute(0, 3, 1, 2))


@torch.no_grad()
def decode(codes):
    return network.decoder(torch.tensor(codes)).permute(0, 2, 3, 1)


coder = Given(encode=encode, decode=decode)
