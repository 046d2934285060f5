"""What is said to trackers, where none is installed."""

import importlib.util
import io

import numpy as np
import PIL.Image
import pytest

from bench import errors
from bench.running import trackers
from bench.running.trackers import mosaic


def test_pictures_stand_side_by_side_in_their_order():
    images = np.arange(5, dtype=np.uint8).repeat(6).reshape(5, 2, 3, 1)
    shown = np.asarray(PIL.Image.open(io.BytesIO(mosaic.png(images))))
    assert shown.shape == (4, 9)  # two rows of three
    assert [shown[0, 0], shown[0, 3], shown[0, 6], shown[2, 0], shown[2, 3], shown[2, 6]] == [
        0,
        1,
        2,
        3,
        4,
        0,
    ]
    colours = np.random.default_rng(0).integers(0, 256, (4, 2, 2, 3), dtype=np.uint8)
    shown = np.asarray(PIL.Image.open(io.BytesIO(mosaic.png(colours))))
    np.testing.assert_array_equal(shown[2:, 2:], colours[3])


def test_a_tracker_that_is_unknown_or_not_installed_is_refused():
    assert trackers.parse(None) == ()
    with pytest.raises(errors.UsageError, match=r"unknown tracker 'mlflwo' .did you mean 'mlflow'"):
        trackers.parse("mlflwo")
    for name, package in trackers.NEEDS.items():
        if importlib.util.find_spec(package) is None:
            with pytest.raises(errors.UsageError, match=f"{package} is not installed; pip install {package}"):
                trackers.parse(name)
        else:
            assert trackers.parse(f"{name},{name}") == (name,)
