"""How many codes and images the importance-weighted bound is asked for: settings of a trial."""

import dataclasses

import pytest

from bench import errors
from bench.ask import axes, estimate, grid
from bench.ask.bound_size import BoundSize
from bench.ask.trial import from_settings


def test_the_size_of_the_bound_is_a_setting_that_no_older_result_has():
    quick = grid.load("quick")
    usual = quick.trials("torch")
    defaults = {name: [axis.default] for name, axis in axes.MEASURING.items()}
    assert grid.replace(quick, defaults).trials("torch") == usual
    asked = grid.parse_choices(["bound_samples=5000", "bound_images=10000"])
    (many, *_) = grid.replace(quick, asked).trials("torch")
    assert many.bound == BoundSize(samples=5000, images=10_000)
    assert usual[0].bound == BoundSize() and "bound_samples" not in usual[0].settings()["options"]
    assert many.key != usual[0].key
    assert "bound samples 5000, bound images 10000" in str(many)
    assert from_settings(many.settings()) == many
    assert estimate.seconds(many, ("basic",)) == estimate.seconds(usual[0], ("basic",))
    for text in ("bound_samples=0", "bound_samples=1.5", "bound_images=none"):
        with pytest.raises(errors.GridError, match="takes a whole number, 1 or more, not"):
            grid.parse_choices([text])


def test_the_estimate_counts_the_codes_of_the_bound():
    vae = next(one for one in grid.load("quick").trials("torch") if one.model == "vae")
    few, many = (
        dataclasses.replace(vae, dataset="fashion_mnist", options=axes.as_options(dict(vae.options) | size))
        for size in ({"bound_samples": 1}, {"bound_samples": 5000, "bound_images": 10_000})
    )
    apart = estimate.seconds(many, ("likelihood",)) - estimate.seconds(few, ("likelihood",))
    assert 200 < apart < 2000
