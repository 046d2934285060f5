"""What the papers of models without a posterior say that theirs do, and the formulas of their penalties."""

import numpy as np
import pytest
import scipy.integrate
import scipy.stats
from keras import ops

from bench.metrics import spectrum
from bench.models.parts import cramer_wold, divergences
from tests.conftest import BACKEND

from .conftest import IMAGES, SIZE, arrays, made, said, trained

on_one_backend = pytest.mark.skipif(BACKEND != "torch", reason="trained on one backend")
SLICED_BOUND, CRAMER_WOLD_BOUND = 1e-5, 1e-4
NORMAL = np.random.default_rng(5).standard_normal((1000, 16)).astype("float32")


def number(tensor):
    return float(ops.convert_to_numpy(tensor))


def mmd(first, second):
    return number(divergences.mmd(ops.convert_to_tensor(first), ops.convert_to_tensor(second)))


def test_a_mask_takes_its_share_of_the_values_and_noise_has_its_deviation():
    for kind, level in (("mask", 0.25), ("gaussian", 0.5)):
        model = made("dae", corruption=kind, corruption_level=level, image_shape=(28, 28, 1))
        images = np.full((100, 28, 28, 1), 0.5, "float32")
        seen = ops.convert_to_numpy(model.corrupted(ops.convert_to_tensor(images), model.draw(100)[0]))
        if kind == "mask":
            assert set(np.unique(seen)) == {0.0, 0.5}
            assert (seen == 0).mean() == pytest.approx(0.25, abs=0.01)
        else:
            assert (seen - images).std() == pytest.approx(0.5, rel=0.01)


@on_one_backend
def test_what_was_trained_to_remove_noise_removes_more_of_it(digits):
    noise = 0.5 * np.random.default_rng(0).standard_normal(digits.test.images.shape).astype("float32")
    noisy = np.clip(digits.test.images + noise, 0, 1)
    left = {}
    for name, options in (("ae", {}), ("dae", {"corruption_level": 0.5})):
        model = trained(name, digits, epochs=15, latent_dim=8, **options)
        left[name] = np.square(model.reconstruct(noisy) - digits.test.images).mean()
    assert left["dae"] < 0.9 * left["ae"]


@pytest.mark.parametrize("active", [1, 2])
def test_of_a_code_as_many_entries_stay_as_are_asked_for_and_encoding_is_what_training_saw(active):
    model = made("sae", active=active)
    codes = model.encode(IMAGES)
    assert ((codes != 0).sum(axis=1) == active).all()
    np.testing.assert_allclose(codes, said(model)[2]["codes"], atol=1e-6)
    whole = made("ae").encode(IMAGES)
    np.testing.assert_allclose(
        np.sort(np.abs(codes))[:, -active:], np.sort(np.abs(whole))[:, -active:], rtol=1e-5
    )


def test_the_penalties_of_sparse_codes_are_their_formulas():
    l1, kl = made("sae", sparsity="l1"), made("sae", sparsity="kl")
    codes = NORMAL[:50, :SIZE]
    found, again = (number(ops.mean(l1._penalty(ops.convert_to_tensor(scale * codes)))) for scale in (1, 7))
    assert found == pytest.approx(
        (np.abs(codes).sum(axis=1) / np.sqrt(np.square(codes).mean())).mean(), rel=1e-5
    )
    assert again == pytest.approx(found, rel=1e-5), "a smaller code pays no less"
    rates = (1 / (1 + np.exp(-codes.astype(float)))).mean(axis=0)
    expected = sum(scipy.stats.entropy([0.05, 0.95], [rate, 1 - rate]) for rate in rates)
    assert number(kl._penalty(ops.convert_to_tensor(codes))) == pytest.approx(expected, rel=1e-4)


def test_merged_layers_give_the_codes_that_training_decodes():
    model = made("irmae", linear_layers=3)
    codes = made("ae").encode(IMAGES)
    for matrix in model.matrices:
        codes = codes @ ops.convert_to_numpy(matrix)
    np.testing.assert_allclose(model.encode(IMAGES), codes, rtol=1e-4, atol=1e-6)
    logits = said(model)[2]["logits"]
    np.testing.assert_allclose(model.reconstruct(IMAGES), 1 / (1 + np.exp(-logits)), atol=1e-5)
    spread = np.concatenate(
        [ops.convert_to_numpy(each).ravel() for each in made("irmae", latent_dim=64).matrices]
    )
    assert spread.std() == pytest.approx(0.577 / 8, rel=0.02)


@on_one_backend
def test_linear_layers_lower_the_rank_of_the_codes(digits):
    ranks = [
        spectrum.effective_rank(
            trained("irmae", digits, epochs=15, latent_dim=32, linear_layers=layers).encode(
                digits.test.images
            )
        )
        for layers in (0, 2, 8)
    ]
    assert ranks[0] > 1.3 * ranks[1] > 1.3 * ranks[2]


def test_what_a_regularized_autoencoder_pays_for_is_its_code_and_the_kernels_of_its_decoder():
    model = made("rae", code_weight=0.3, decoder_weight=0.2)
    loss, terms, outputs = said(model)
    length = 0.5 * np.square(outputs["codes"]).sum(axis=1)
    kernels = [
        v for v in arrays({v.path: v for v in model.decoder.trainable_variables}).values() if v.ndim > 1
    ]
    squares = sum(np.square(each).sum() for each in kernels)
    assert len(kernels) == 3
    np.testing.assert_allclose(terms["length"], length, rtol=1e-5)
    assert loss == pytest.approx(
        terms["reconstruction"].mean() + 0.3 * length.mean() + 0.2 * squares, rel=1e-5
    )


def test_the_discrepancy_of_normal_codes_is_none_and_that_of_no_codes_is_known():
    other = np.random.default_rng(6).standard_normal((1000, 16)).astype("float32")
    assert mmd(NORMAL, other) == pytest.approx(0, abs=4 * 0.0008)
    assert mmd(NORMAL / 2, other) == pytest.approx(0.43, abs=0.02)
    assert mmd(np.zeros_like(NORMAL), other) == pytest.approx(1.88, abs=0.03)


def sliced_from_quantiles():
    """How far the sliced distance in one dimension lies from that of the quantiles."""
    places = scipy.stats.norm.ppf((np.arange(200) + 0.5) / 200)
    direction, apart = ops.convert_to_tensor(np.array([[-2.0]], "float32")), []
    for shift, scale in ((0.0, 1.0), (0.3, 1.0), (-0.2, 0.5)):
        codes = (np.random.default_rng(0).permutation(places) * scale + shift).astype("float32")[:, None]
        expected = shift**2 + (1 - scale) ** 2 * np.square(places).mean()
        apart.append(abs(number(divergences.sliced(ops.convert_to_tensor(codes), direction)) - expected))
    return max(apart)


def test_the_sliced_distance_of_one_dimension_is_that_of_the_quantiles():
    assert sliced_from_quantiles() < SLICED_BOUND


def test_the_sliced_distance_does_not_change_when_codes_and_directions_turn_together():
    generator = np.random.default_rng(3)
    turn = np.linalg.qr(generator.standard_normal((16, 16)))[0].astype("float32")
    directions = generator.standard_normal((16, 30)).astype("float32")
    codes = NORMAL * np.linspace(0.2, 2, 16, dtype="float32")
    found = [
        number(divergences.sliced(ops.convert_to_tensor(one), ops.convert_to_tensor(two)))
        for one, two in ((codes, directions), (codes @ turn, turn.T @ directions))
    ]
    assert found[0] == pytest.approx(found[1], rel=1e-4)
    assert found[0] > 0.05


def cramer_wold_from_integral():
    """How far the distance in one dimension lies from the integral of smoothed densities: relative."""
    codes = np.random.default_rng(1).normal(0.4, 0.7, 40).astype("float32")
    smoothing = (4 / (3 * 40)) ** 0.4

    def apart(t):
        empirical = scipy.stats.norm.pdf(t, codes, np.sqrt(smoothing)).mean()
        return (empirical - scipy.stats.norm.pdf(t, 0, np.sqrt(1 + smoothing))) ** 2

    expected = 2 * np.sqrt(np.pi) * scipy.integrate.quad(apart, -12, 12, limit=500)[0]
    given = [ops.convert_to_tensor(each) for each in (codes[:, None], np.array([[3.0, -1.0]], "float32"))]
    return abs(number(cramer_wold.along(*given)) / expected - 1)


def test_the_cramer_wold_distance_of_one_dimension_is_the_integral_of_smoothed_densities():
    assert cramer_wold_from_integral() < CRAMER_WOLD_BOUND


def test_the_closed_form_in_many_dimensions_is_near_the_mean_over_directions_and_orders_codes():
    codes = np.random.default_rng(2).standard_normal((128, 64)).astype("float32")
    directions = ops.convert_to_tensor(np.random.default_rng(3).standard_normal((64, 2000)).astype("float32"))
    found = {}
    for name, given in (("normal", codes), ("shift", codes + 0.3), ("scale", 0.5 * codes)):
        closed = number(cramer_wold.distance(ops.convert_to_tensor(given)))
        found[name] = closed
        assert closed == pytest.approx(
            number(cramer_wold.along(ops.convert_to_tensor(given), directions)), abs=0.02
        )
    assert 0 < found["normal"] < found["shift"] < found["scale"]
    shuffled = ops.convert_to_tensor(codes[::-1].copy())
    assert number(cramer_wold.distance(shuffled)) == pytest.approx(found["normal"], abs=1e-5)


def test_what_decodes_of_a_code_is_what_is_left_of_it():
    model = made("sae", active=1)
    codes = NORMAL[:20, :SIZE]
    largest = np.where(np.abs(codes) == np.abs(codes).max(axis=1, keepdims=True), codes, 0)
    np.testing.assert_array_equal(model.decode(codes), model.decode(largest))
