"""The cards of the architectures of this package, one a file in `networks`, with the work that each is."""

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Any

from .cards import ArchitectureCard, Option, sizes

ImageShape = tuple[int, int, int]


def _dense_work(image_shape: ImageShape, latent_dim: int, options: Mapping[str, Any]) -> float:
    layers = (math.prod(image_shape), *sizes(options["widths"]), latent_dim)
    return 2 * sum(before * after for before, after in itertools.pairwise(layers))


CONV_DENSE_WIDTH = 128
"""Of the dense layer of networks with convolutions."""

RESNET_SIZES = {"small": (16, 1), "large": (32, 2)}
"""Filters at half the size of an image, and blocks at each size."""
RESNET_GRID = 8  # rows or columns, at most, where halving ends; 28x28 pixels are halved twice
_WIDEST = 8  # times the filters at half the size


def resnet_widths(image_shape: ImageShape, size: str) -> tuple[int, ...]:
    """Filters at each halving of an image, two at least: twice as many as before, up to 8 times the first.

    Examples
    --------
    >>> resnet_widths((28, 28, 1), "small"), resnet_widths((128, 128, 3), "small")
    ((16, 32), (16, 32, 64, 128))
    """
    first, _ = RESNET_SIZES[size]
    halvings = max(2, math.ceil(math.log2(max(image_shape[:2]) / RESNET_GRID)))
    return tuple(first * min(2**level, _WIDEST) for level in range(halvings))


def _conv_work(image_shape: ImageShape, latent_dim: int, options: Mapping[str, Any]) -> float:
    filters = sizes(options["filters"])
    convolutions = _convolutions(image_shape, filters)
    return 3 * convolutions + _to_codes(
        image_shape, filters
    )  # sub-pixel convolutions have 4 times the filters


def _resnet_work(image_shape: ImageShape, latent_dim: int, options: Mapping[str, Any]) -> float:
    widths, blocks = resnet_widths(image_shape, options["size"]), RESNET_SIZES[options["size"]][1]
    pixels = image_shape[0] * image_shape[1]
    inner = sum(
        4 * blocks * pixels / 4**level * 9 * width * width for level, width in enumerate(widths, start=1)
    )
    return inner + 3 * _convolutions(image_shape, widths) + _to_codes(image_shape, widths)


def _convolutions(image_shape: ImageShape, filters: Sequence[int]) -> float:
    """Of an encoder whose convolutions halve."""
    height, width, channels = image_shape
    return sum(
        height * width / 4**level * 9 * before * after
        for level, (before, after) in enumerate(itertools.pairwise((channels, *filters)), start=1)
    )


def _to_codes(image_shape: ImageShape, filters: Sequence[int]) -> float:
    """Of the dense layers behind and before a grid."""
    places = math.prod(math.ceil(length / 2 ** len(filters)) for length in image_shape[:2])
    return 2 * places * filters[-1] * CONV_DENSE_WIDTH


def _without_activation(settings: Mapping[str, Any]) -> str:
    if settings["activation"] == "linear":
        return ""
    return f"gated layers have no activation: expected activation=linear, received {settings['activation']}"


def _means_of_pixels(settings: Mapping[str, Any]) -> str:
    if settings["loss"] not in ("mse", "mae"):
        return f"linear outputs are means of pixels: expected loss=mse or mae, received {settings['loss']}"
    if settings["activation"] != "linear":
        return f"there is no hidden layer: expected activation=linear, received {settings['activation']}"
    return ""


WIDTHS = "widths of the hidden layers of the encoder; those of the decoder are the same, back to front"
CARDS = (
    ArchitectureCard(
        name="dense",
        title="fully connected layers",
        code="networks.dense",
        options=(
            Option("widths", "512-256", text=WIDTHS, cost="step"),
            Option(
                "initial_weights",
                "glorot",
                known=("glorot", "pytorch"),
                text="glorot: kernels uniform in +-sqrt(6 / (inputs + outputs)), biases 0; pytorch: both "
                "uniform in +-1 / sqrt(inputs), as its Linear",
                source="pytorch in code in PyTorch that says nothing else",
            ),
        ),
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
        title="residual blocks at each halving of an image, to 8x8 or less",
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
        work=lambda image_shape, latent_dim, options: (
            2 * _dense_work(image_shape, latent_dim, {"widths": options["gated_widths"]})
        ),
        defaults={"activation": "linear"},
        check=_without_activation,
    ),
    ArchitectureCard(
        name="linear",
        title="one matrix each way, whose outputs are means of pixels and not logits",
        paper="Lucas et al. 2019",
        code="networks.linear",
        kind="dense",
        work=lambda image_shape, latent_dim, options: 2 * math.prod(image_shape) * latent_dim,
        defaults={"activation": "linear"},
        check=_means_of_pixels,
    ),
)
