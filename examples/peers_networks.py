"""The dense network of this program in plain PyTorch, for other libraries: see examples/peers.py."""

import itertools

import torch

SIZE, WIDTHS, PIXELS = 16, (512, 256), 784


def layers(*sizes: int) -> torch.nn.Sequential:
    """Linear layers with ReLU between them, initialised as those of Keras."""
    made: list[torch.nn.Module] = []
    for given, taken in itertools.pairwise(sizes):
        made += [torch.nn.Linear(given, taken), torch.nn.ReLU()]
    return as_keras(torch.nn.Sequential(*made[:-1]))


def as_keras(module: torch.nn.Module) -> torch.nn.Module:
    """The same module, its linear layers drawn as those of Keras: Glorot's uniform weights, no biases."""
    for linear in module.modules():
        if isinstance(linear, torch.nn.Linear):
            torch.nn.init.xavier_uniform_(linear.weight)
            torch.nn.init.zeros_(linear.bias)
    return module
