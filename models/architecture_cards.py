"""The cards of the architectures of this package, one a file in `networks`, with the work that each is."""

import itertools
import math
from collections.abc import Mapping
from typing import Any

from .cards import ArchitectureCard, Option, sizes


def _dense_work(pixels: int, latent_dim: int, options: Mapping[str, Any]) -> float:
    layers = (pixels, *sizes(options["widths"]), latent_dim)
    return 2 * sum(before * after for before, after in itertools.pairwise(layers))


CONV_DENSE_WIDTH = 128
"""Of the dense layer of networks with convolutions."""

RESNET_SIZES = {"small": ((16, 32), 1), "large": ((32, 64), 2)}
"""Filters at a half and a quarter of the size of an image, and blocks at each."""


def _conv_work(pixels: int, latent_dim: int, options: Mapping[str, Any]) -> float:
    filters = sizes(options["filters"])
    convolutions = sum(
        pixels / 4 ** (level + 1) * 9 * before * after
        for level, (before, after) in enumerate(itertools.pairwise((1, *filters)))
    )
    dense = math.ceil(pixels / 4 ** len(filters)) * filters[-1] * CONV_DENSE_WIDTH
    return 3 * convolutions + 2 * dense  # sub-pixel convolutions have four times the filters


def _resnet_work(pixels: int, latent_dim: int, options: Mapping[str, Any]) -> float:
    (narrow, wide), blocks = RESNET_SIZES[options["size"]]
    convolutions = pixels / 4 * 9 * narrow * narrow * (6 + 8 * blocks) / 2
    return convolutions + 2 * pixels / 16 * wide * CONV_DENSE_WIDTH


def _without_activation(settings: Mapping[str, Any]) -> str:
    if settings["activation"] == "linear":
        return ""
    return f"gated layers have no activation: expected activation=linear, received {settings['activation']}"


WIDTHS = "widths of the hidden layers of the encoder; those of the decoder are the same, back to front"
CARDS = (
    ArchitectureCard(
        name="dense",
        title="fully connected layers",
        code="networks.dense",
        options=(Option("widths", "512-256", text=WIDTHS, cost="step"),),
        kind="dense",
        work=_dense_work,
    ),
    ArchitectureCard(
        name="conv",
        title="convolutions with a stride of 2, and sub-pixel convolutions back (Shi et al. 2016)",
        code="networks.conv",
        options=(Option("filters", "16-32", text="filters of the convolutions, each halving", cost="step"),),
        kind="conv",
        work=_conv_work,
    ),
    ArchitectureCard(
        name="resnet",
        title="residual blocks at a half and a quarter of the size",
        paper="He et al. 2016",
        code="networks.resnet",
        options=(
            Option(
                "size", "small", known=tuple(RESNET_SIZES), text="1 or 2 blocks at each size", cost="step"
            ),
        ),
        kind="conv",
        work=_resnet_work,
    ),
    ArchitectureCard(
        name="gated",
        title="gated dense layers, with the log-variance in [-6, 2]",
        paper="Tomczak & Welling 2018",
        code="networks.gated",
        options=(Option("gated_widths", "300-300", text=WIDTHS, cost="step"),),
        kind="dense",
        work=lambda pixels, latent_dim, options: (
            2 * _dense_work(pixels, latent_dim, {"widths": options["gated_widths"]})
        ),
        defaults={"activation": "linear"},
        check=_without_activation,
    ),
)
