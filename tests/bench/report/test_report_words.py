"""Numbers as people read them."""

import pytest

from bench.report import words
from bench.statistics import Interval


@pytest.mark.parametrize(
    ("name", "mean", "half_width", "text"),
    [
        ("active_units", 8.0, 6.6, "8.0 ± 6.6"),  # as many digits on both sides
        ("active_units", 5.7, 1.0, "5.7 ± 1.0"),
        ("active_units", 4.0, 0.0, "4 ± 0"),
        ("active_units", 4.0, None, "4"),
        ("test_mse", 0.012, 0.001, "0.01200 ± 0.00100"),
        ("latent_knn_accuracy", 0.85, 0.01, "85.0 ± 1.0"),
    ],
)
def test_a_mean_and_its_half_width_have_as_many_digits(name, mean, half_width, text):
    around = (None, None) if half_width is None else (mean - half_width, mean + half_width)
    value = Interval(mean=mean, low=around[0], high=around[1], n=3)
    assert words.interval(name, value).replace(words.NBSP, " ") == text
