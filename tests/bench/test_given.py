"""Coders of others: functions as a coder, and what one that breaks its contract is told."""

import dataclasses

import numpy as np
import pytest
import scipy.stats

from bench import Given, tasks
from bench.models.coder import Absent
from bench.models.distributions import Gaussians, StandardNormal
from bench.models.likelihoods import log_likelihood
from bench.tasks.baselines import coders
from bench.tasks.checked import TRIED, Checked, CoderError


@pytest.fixture(scope="module")
def few(digits):
    counts = {"train": 120, "validation": 40, "test": 60}
    return dataclasses.replace(
        digits, **{name: getattr(digits, name).rows(slice(count)) for name, count in counts.items()}
    )


def encode(images):
    return images.mean(axis=(2, 3))


def decode(codes):
    return np.clip(np.broadcast_to(codes[:, :, np.newaxis, np.newaxis], (len(codes), 28, 28, 1)), 0, 1)


def checked(few, **parts):
    return Checked(Given(**{"encode": encode, "decode": decode, **parts}), few.test.images)


def test_functions_see_images_in_batches_and_give_what_they_give_of_all(few):
    seen = []

    def noted(images):
        seen.append(len(images))
        return encode(images)

    images = np.asarray(few.train.images)
    found = Given(encode=noted, batch_size=50).encode(images)
    assert seen == [50, 50, 20]
    np.testing.assert_array_equal(found, encode(images))
    assert found.dtype == np.float32


def test_what_is_not_given_is_absent_with_a_reason(few):
    coder = Given(encode=encode)
    images = few.test.images
    absent = [
        coder.prior(),
        coder.posterior(images),
        coder.decode(encode(images)),
        coder.log_likelihood(images, 0),
    ]
    assert all(isinstance(one, Absent) and "a coder that" in one.reason for one in absent)


def test_a_pair_of_arrays_is_a_gaussian_posterior(few):
    images = np.asarray(few.test.images)

    def posterior(images):
        return encode(images), np.full((len(images), 28), -2.0)

    coder = Given(posterior=posterior, batch_size=7)
    found = coder.posterior(images)
    assert isinstance(found, Gaussians)
    np.testing.assert_array_equal(found.mean, encode(images))
    np.testing.assert_array_equal(coder.encode(images), encode(images))


@pytest.mark.parametrize("loss", ["mse", "bce", "mae"])
def test_a_likelihood_by_name_is_that_of_the_loss(few, loss):
    images = np.asarray(few.test.images)
    codes = encode(images)
    found = Given(encode=encode, decode=decode, log_likelihood=loss).log_likelihood(images, codes)
    np.testing.assert_allclose(found, log_likelihood(loss, images, decode(codes)))


def test_a_likelihood_by_its_variance_is_a_gaussian_about_the_means(few):
    images = np.asarray(few.test.images, np.float64)
    found = Given(encode=encode, decode=decode, log_likelihood=1.0).log_likelihood(images, encode(images))
    apart = (images - decode(encode(images).astype(np.float32))).reshape(len(images), -1)
    np.testing.assert_allclose(found, scipy.stats.norm.logpdf(apart).sum(axis=1), rtol=1e-6)


def test_a_coder_of_ours_wrapped_in_functions_has_the_same_numbers(few):
    ours = coders.PrincipalComponents(dataset=few, code_size=4)
    wrapped = Given(encode=ours.encode, decode=ours.decode, log_likelihood="mse")
    one = tasks.measure(ours, few).measures
    other = tasks.measure(Checked(wrapped, few.test.images), few).measures
    apart = {"test_mse_unclipped", "parameters"}
    known = {name for name, value in other.items() if value is not None}
    assert known >= {name for name, value in one.items() if value is not None} - apart
    for name in known:
        assert other[name] == pytest.approx(one[name], rel=1e-6), name


def test_parts_beyond_a_coder_are_kept(few):
    from bench.models.coder import Exact, Unclipped

    found = Checked(coders.PrincipalComponents(dataset=few, code_size=4), few.test.images)
    assert isinstance(found, Exact)
    assert isinstance(found, Unclipped)
    assert not isinstance(checked(few), Exact)


def of_a_batch(images):
    return encode(images) - encode(images).mean(axis=0)


def with_noise(images):
    return encode(images) + np.random.default_rng().normal(size=(len(images), 28))


class Unmeasured:
    text = "a sampler"

    def sample(self, count, generator):
        return generator.normal(size=(count, 28)).astype(np.float32)


@pytest.mark.parametrize(
    ("parts", "phrase"),
    [
        ({"encode": of_a_batch}, "encode: expected the same codes of 50 images at once and in pieces"),
        ({"encode": with_noise}, "or does it draw its codes?"),
        ({"encode": lambda images: encode(images)[:, 0]}, "encode: expected codes (50, m) of 50 images"),
        ({"encode": lambda images: encode(images) * np.nan}, "received NaN or infinity in 50 of 50 rows"),
        ({"encode": lambda images: ["a"] * len(images)}, "could not convert string to float"),
        ({"code_size": 3}, "code_size: expected 28, as encode gives, received 3"),
        ({"decode": lambda codes: 12 * decode(codes) - 6}, "if they are logits, take their sigmoid"),
        ({"decode": lambda codes: 255 * decode(codes)}, "if they are 0 to 255, divide them by 255"),
        ({"decode": lambda codes: 2 * decode(codes) - 1}, "if they are -1 to 1, take (values + 1) / 2"),
        ({"decode": lambda codes: decode(codes).transpose(0, 3, 1, 2)}, "channels come last here"),
        ({"decode": lambda codes: decode(codes).reshape(len(codes), -1)}, "reshape them to ('n', 28, 28, 1)"),
        ({"decode": lambda codes: decode(codes) * np.nan}, "decode: expected finite numbers"),
        (
            {"prior": Unmeasured()},
            "prior: expected text, sample, log_density, received Unmeasured without log_d",
        ),
        ({"posterior": lambda images: encode(images)}, "posterior: expected mean, sample, log_density, kl"),
        (
            {"posterior": lambda images: (encode(images),)},
            "expected means and log-variances, received 1 arrays",
        ),
        ({"posterior": lambda images: (encode(images), [[0]])}, "means and log-variances of one shape"),
        (
            {"log_likelihood": lambda images, codes: images},
            "log_likelihood: expected (60,), received (60, 28",
        ),
    ],
)
def test_what_breaks_the_contract_is_said_in_one_line(few, parts, phrase):
    with pytest.raises(ValueError) as raised:
        coder = checked(few, **parts)
        images = np.asarray(few.test.images)
        codes = coder.encode(images)
        coder.decode(codes)
        coder.prior()
        coder.posterior(images)
        coder.log_likelihood(images, codes)
    assert phrase in str(raised.value)
    assert len(str(raised.value).splitlines()) == 1


def test_an_error_in_a_function_names_it_and_what_it_was_given(few):
    def fails(*arrays):
        raise RuntimeError("mat1 and mat2 shapes cannot be multiplied (50x784 and 64x32)")

    given = r"encode, given images \(50, 28, 28, 1\) float32: RuntimeError: mat1 and mat2 shapes"
    with pytest.raises(CoderError, match=given):
        checked(few, encode=fails)
    with pytest.raises(CoderError, match=r"decode, given codes \(60, 28\) float32: RuntimeError"):
        checked(few, decode=fails).decode(encode(np.asarray(few.test.images)))
    with pytest.raises(
        CoderError, match=r"log_likelihood, given images \(60, .*\) float32 and codes \(60, 28"
    ):
        images = np.asarray(few.test.images)
        checked(few, log_likelihood=fails).log_likelihood(images, encode(images))


def test_codes_whose_size_goes_with_the_batch_are_told_so(few):
    def squeezed(images):
        return np.zeros((len(images), 1 if len(images) == TRIED else 3), np.float32)

    with pytest.raises(CoderError, match=r"received \(7, 3\): the number of values of a code changed with"):
        checked(few, encode=squeezed)


def test_a_prior_that_can_only_be_drawn_from_is_told_the_remedy_and_takes_it(few):
    with pytest.raises(CoderError, match=r"Absent\(reason, instead=it\)"):
        checked(few, prior=Unmeasured()).prior()
    found = checked(few, prior=Absent("no density", instead=Unmeasured())).prior()
    assert found.instead.text == "a sampler"


def test_rounding_beyond_the_range_is_clipped(few):
    coder = checked(few, decode=lambda codes: decode(codes) * np.float32(1 + 2e-6))
    assert coder.decode(np.ones((TRIED, 28), np.float32)).max() == 1


@pytest.mark.parametrize(
    ("parts", "phrase"),
    [
        ({}, "expected a function as encode or as posterior, received neither"),
        ({"encode": 3}, "expected a function as encode, received 3"),
        ({"encode": encode, "log_likelihood": "l2"}, "expected a function, bce, mae, mse or a variance"),
        ({"encode": encode, "batch_size": 0}, "expected a batch_size of 1 or more"),
    ],
)
def test_functions_that_are_none_are_refused(parts, phrase):
    with pytest.raises((TypeError, ValueError), match=phrase):
        Given(**parts)


def test_a_thing_without_functions_is_told_what_a_coder_is(few):
    with pytest.raises(CoderError, match=r"received Unmeasured without encode; Given\(encode=") as raised:
        Checked(Unmeasured(), few.test.images)
    assert len(str(raised.value).splitlines()) == 1


def test_a_given_posterior_has_the_rate_and_the_bound_of_its_closed_form(few):
    """A posterior that equals the prior costs nothing, and its ELBO is the likelihood of a sampled code."""

    def posterior(images):
        return np.zeros((len(images), 28)), np.zeros((len(images), 28))

    given = Given(
        posterior=posterior,
        decode=lambda codes: 0 * decode(codes),
        prior=StandardNormal(size=28),
        log_likelihood="mse",
    )
    found = tasks.measure(Checked(given, few.test.images), few).measures
    assert found["test_kl"] == 0
    squares = np.square(np.asarray(few.test.images, np.float64)).sum(axis=(1, 2, 3)).mean()
    assert found["test_elbo"] == pytest.approx(-squares - 392 * np.log(np.pi), rel=1e-6)
