"""What our training is held against: the suite's VAEs as one would write them in PyTorch, and their limit."""

import itertools
import math
from collections.abc import Callable

import numpy as np
import torch
from torch import nn
from torch.nn import functional

LATENT = 32
DENSE = (784, 512, 256, 2 * LATENT), (LATENT, 256, 512, 784)


def networks(architecture: str) -> tuple[nn.Sequential, nn.Sequential]:
    """The encoder and the decoder of the suite's VAE for 28x28 grey images, channels first."""
    if architecture == "dense":
        encoder, decoder = ([nn.Linear(*sizes) for sizes in itertools.pairwise(w)] for w in DENSE)
        return nn.Sequential(nn.Flatten(), *_with_relu(encoder)), nn.Sequential(*_with_relu(decoder))
    return nn.Sequential(
        nn.Conv2d(1, 16, 3, stride=2, padding=1),
        nn.ReLU(),
        nn.Conv2d(16, 32, 3, stride=2, padding=1),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(7 * 7 * 32, 128),
        nn.ReLU(),
        nn.Linear(128, 2 * LATENT),
    ), nn.Sequential(
        nn.Linear(LATENT, 128),
        nn.ReLU(),
        nn.Linear(128, 7 * 7 * 32),
        nn.ReLU(),
        nn.Unflatten(1, (32, 7, 7)),
        nn.Conv2d(32, 64, 3, padding=1),
        nn.ReLU(),
        nn.PixelShuffle(2),
        nn.Conv2d(16, 4, 3, padding=1),
        nn.PixelShuffle(2),
    )


def _with_relu(layers: list[nn.Linear]) -> list[nn.Module]:
    return [each for layer in layers for each in (layer, nn.ReLU())][:-1]


def one_pass(architecture: str, images: np.ndarray, batch_size: int) -> Callable[[], None]:
    """One pass over the images `(n, h, w, c)`: data in memory, fused Adam, squared error and KL."""
    encoder, decoder = networks(architecture)
    optimizer = torch.optim.Adam(
        [*encoder.parameters(), *decoder.parameters()], lr=1e-3, eps=1e-7, fused=True
    )
    data = torch.from_numpy(images).permute(0, 3, 1, 2).contiguous()

    def run() -> None:
        for chosen in torch.randperm(len(data)).split(batch_size):
            batch = data[chosen]
            mean, log_variance = encoder(batch).chunk(2, dim=1)
            codes = mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
            output = torch.sigmoid(decoder(codes)).reshape(batch.shape)
            kl = 0.5 * (mean**2 + log_variance.exp() - 1 - log_variance).sum(dim=1)
            loss = ((output - batch) ** 2).sum(dim=(1, 2, 3)).mean() + kl.mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

    return run


def limit(architecture: str, count: int, batch_size: int) -> Callable[[], None]:
    """The matrix products and convolutions of a pass alone, forwards and backwards, without the rest."""
    layers: list[Callable[[], None]] = []
    x = torch.rand(batch_size, 1, 28, 28)
    for network in networks(architecture):
        for module in network:
            if isinstance(module, nn.Linear):
                layers.append(_product(module, batch_size, is_first=not layers))
            elif isinstance(module, nn.Conv2d):
                layers.append(_convolution(module, x.detach(), is_first=not layers))
            x = module(x)
        x = x[:, :LATENT]

    def run() -> None:
        for _ in range(math.ceil(count / batch_size)):
            for layer in layers:
                layer()

    return run


def _product(layer: nn.Linear, batch_size: int, *, is_first: bool) -> Callable[[], None]:
    weight = layer.weight.detach()
    x, gradient = torch.rand(batch_size, layer.in_features), torch.rand(batch_size, layer.out_features)

    def run() -> None:
        torch.mm(x, weight.t())
        torch.mm(gradient.t(), x)
        if not is_first:
            torch.mm(gradient, weight)

    return run


def _convolution(layer: nn.Conv2d, x: torch.Tensor, *, is_first: bool) -> Callable[[], None]:
    weight, options = layer.weight.detach(), {"stride": layer.stride, "padding": layer.padding}
    gradient = torch.rand_like(functional.conv2d(x, weight, **options))

    def run() -> None:
        functional.conv2d(x, weight, **options)
        torch.nn.grad.conv2d_weight(x, weight.shape, gradient, **options)
        if not is_first:
            torch.nn.grad.conv2d_input(x.shape, weight, gradient, **options)

    return run
