"""Settings of models that make no sense, or do nothing, are refused in one line before anything trains."""

import pytest

from bench import errors
from bench.ask import blocks, grid
from bench.models import catalogue

REFUSED = [
    ("sae", {"active": 17}, "sae: expected active <= latent_dim=16, received 17"),
    ("sae", {"active": 2, "sparsity": "l1"}, "active does nothing with sparsity=l1: expected it left out"),
    ("sae", {"active": 2, "sparsity": "kl"}, "active does nothing with sparsity=kl"),
    ("sae", {"sparsity_weight": 1.0}, "sparsity_weight does nothing with sparsity=topk"),
    ("dae", {"corruption": "mask", "corruption_level": 1.0}, "expected a corruption_level below 1"),
    ("irmae", {"linear_layers": 0, "linear_scale": 1.0}, "linear_scale does nothing with linear_layers=0"),
    ("swae", {"slice_weight": 0.0, "slices": 10}, "slices does nothing with slice_weight=0"),
    (
        "info_vae",
        {"info_lambda": 0.2},
        "expected info_lambda >= 1 - alpha = 0.5, received 0.2 with alpha=0.5",
    ),
    (
        "cb_vae",
        {"loss": "mse"},
        "cb_vae has a continuous Bernoulli likelihood: expected loss=bce, received mse",
    ),
    ("cb_vae", {"binarize": "dynamic"}, "no bound on black and white images: expected binarize=none"),
    ("cb_vae", {"binarize": "dynamic-777"}, "expected binarize=none, received dynamic-777"),
    ("sigma_vae", {"loss": "bce"}, "has a Gaussian likelihood: expected loss=mse, received bce"),
    ("predicted_sigma_vae", {"loss": "mae"}, "has a Gaussian likelihood: expected loss=mse, received mae"),
    ("capacity_vae", {"capacity": 0.0, "capacity_steps": 9}, "capacity_steps does nothing with capacity=0"),
    ("iwae", {"importance_samples": 0}, "importance_samples takes a whole number from 1"),
    ("miwae", {"bounds": 0}, "bounds takes a whole number from 1"),
    ("miwae", {"importance_samples": 100, "bounds": 100}, "at most 1000 codes of an image, received 10000"),
    (
        "ciwae",
        {"importance_samples": 1, "elbo_share": 0.5},
        "elbo_share does nothing with importance_samples=1",
    ),
    ("ciwae", {"elbo_share": 1.5}, "elbo_share takes a number from 0 to 1"),
    ("mog_prior", {"components": 0}, "components takes a whole number from 1"),
    ("vamp", {"components": 1500}, "expected components from 1 to 1077"),
    ("vamp", {"components": 60, "train_images": 50}, "expected components from 1 to 50"),
    *(
        (name, {"beta": 0.0, "kl_warmup": 9}, "kl_warmup does nothing with beta=0")
        for name in ("vae", "cb_vae", "cv_vae", "mog_prior", "vamp")
    ),
]
BOUNDED = [
    (card.name, option.name, option.minimum)
    for card in catalogue.MODELS.values()
    for option in card.options
    if option.minimum is not None
]


def refused(name: str, settings: dict[str, object]) -> str:
    """What is said of one model with these settings, on the digits."""
    chosen = {"model": [name], "dataset": ["digits"], **{axis: [value] for axis, value in settings.items()}}
    with pytest.raises(errors.GridError) as caught:
        grid.replace(grid.load("tour"), chosen).trials("torch")
    return str(caught.value)


@pytest.mark.parametrize(("name", "settings", "expected"), REFUSED)
def test_settings_that_make_no_sense_are_refused_in_one_line(name, settings, expected):
    said = refused(name, settings)
    assert expected in said
    assert "\n" not in said


@pytest.mark.parametrize(("name", "option", "minimum"), BOUNDED)
def test_no_option_is_below_its_minimum(name, option, minimum):
    below = minimum - 1 if isinstance(minimum, int) else minimum / 2
    with pytest.raises(errors.GridError, match=f"^{option} takes a "):
        blocks.checked({"model": [name], option: [below]})


def test_every_model_is_taken_as_it_is():
    assert {one.model for one in grid.load("tour").trials("torch")} == set(catalogue.MODELS)


def test_a_number_of_weights_or_codes_has_a_minimum():
    unbounded = {
        f"{card.name} {option.name}"
        for card in catalogue.MODELS.values()
        for option in card.options
        if isinstance(option.default, int | float) and option.minimum is None
    }
    assert not unbounded
