"""The effective rank of spectra that are known."""

import types

import hypothesis
import hypothesis.extra.numpy
import hypothesis.strategies
import numpy as np
import pytest
import scipy.stats

from bench.metrics import spectrum

CODES = hypothesis.extra.numpy.arrays(
    np.float32, (8, 3), elements=hypothesis.strategies.floats(-100, 100, width=32)
)


def _codes(variances: list[float]) -> np.ndarray:
    """Codes whose covariance has exactly these eigenvalues, in directions of no note."""
    generator, count = np.random.default_rng(0), len(variances)
    centred = generator.standard_normal((50, count))
    centred -= centred.mean(axis=0)
    white = np.linalg.qr(centred)[0] * np.sqrt(50)
    rotation = np.linalg.qr(generator.standard_normal((count, count)))[0]
    return (white * np.sqrt(variances)) @ rotation + 3.0


@pytest.mark.parametrize(
    ("variances", "expected"),
    [
        ([2.0], 1.0),
        ([5.0] * 6, 6.0),
        ([7.0, 0.0, 0.0], 1.0),
        ([3.0, 3.0, 0.0, 0.0], 2.0),
        ([3.0, 1.0], 4 / 3**0.75),  # exp(-(3/4 log(3/4) + 1/4 log(1/4)))
        ([2.0, 1.0, 1.0], 2**1.5),
    ],
)
def test_known_spectra_have_the_rank_of_the_formula(variances: list[float], expected: float) -> None:
    assert spectrum.effective_rank(_codes(variances)) == pytest.approx(expected, rel=1e-9)


def test_it_is_exp_of_the_entropy_of_the_squared_singular_values(samples: types.SimpleNamespace) -> None:
    codes = samples.test_codes.astype(np.float64)
    values = np.linalg.svd(codes - codes.mean(axis=0), compute_uv=False) ** 2
    expected = np.exp(scipy.stats.entropy(values))
    assert 2 < expected < 11
    assert spectrum.effective_rank(codes) == pytest.approx(expected, rel=1e-12)


@hypothesis.given(CODES, hypothesis.strategies.permutations(range(8)), hypothesis.strategies.integers(1, 30))
def test_it_is_bounded_and_knows_no_order_no_scale_and_no_block(
    codes: np.ndarray, order: list[int], block: int
) -> None:
    found = spectrum.effective_rank(codes)
    if (codes == codes[0]).all():
        assert np.isnan(found)
        return
    assert 1 - 1e-9 <= found <= 3 + 1e-9
    assert spectrum.effective_rank(codes[order]) == pytest.approx(found, rel=1e-5)
    assert spectrum.effective_rank(codes * 4) == pytest.approx(found, rel=1e-9)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spectrum, "BLOCK_VALUES", block)
        assert spectrum.effective_rank(codes) == pytest.approx(found, rel=1e-9)


def test_a_constant_dimension_adds_nothing(samples: types.SimpleNamespace) -> None:
    codes = samples.test_codes
    wider = np.column_stack([codes, np.full(len(codes), 0.1)])
    assert spectrum.effective_rank(wider) == pytest.approx(spectrum.effective_rank(codes), rel=1e-12)


@pytest.mark.parametrize(
    "codes",
    [
        np.full((7, 3), 0.1),
        np.ones((1, 4)),
        np.empty((0, 3)),
        np.empty((3, 0)),
        np.array([[1.0, np.nan], [2.0, 3.0]]),
        np.array([[1.0, np.inf], [2.0, 3.0]]),
        np.array([[1e300, 0.0], [-1e300, 1.0]]),
    ],
    ids=["constant", "one", "none", "no dimension", "nan", "inf", "overflow"],
)
def test_codes_that_do_not_vary_or_are_not_finite_have_no_rank(codes: np.ndarray) -> None:
    assert np.isnan(spectrum.effective_rank(codes))


def test_fewer_codes_than_dimensions_have_the_rank_of_their_singular_values():
    codes = np.random.default_rng(0).random((30, 700)).astype(np.float32)
    values = np.linalg.svd(codes - codes.mean(axis=0, dtype=np.float64), compute_uv=False) ** 2
    assert spectrum.effective_rank(codes) == pytest.approx(np.exp(scipy.stats.entropy(values)), rel=1e-9)
    assert spectrum.effective_rank(codes) < 30


def test_of_more_dimensions_than_can_be_looked_at_the_first_codes_count(monkeypatch):
    codes = np.random.default_rng(0).random((40, 25))
    monkeypatch.setattr(spectrum, "MOST_CODES", 20)
    few = spectrum.effective_rank(codes)
    monkeypatch.undo()
    assert few == pytest.approx(spectrum.effective_rank(codes[:20]), rel=1e-9)
