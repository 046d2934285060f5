"""What is said of generated images: from the prior, and from a mixture of the codes."""

import re

import pytest

from bench.report import words
from bench.report.blocks.finding import Finding
from bench.report.evidence import gather
from bench.report.findings import about_generation

from .conftest import MakeRun, Written, ok, trial

WOBBLE = 0.01


def lead(make_run: MakeRun, mixtures: list[tuple[float, float]], seeds: int = 3, prior: float = 10.0) -> str:
    """With the Frechet distances of AE and VAE from the mixture, a pair of them for each latent size."""
    results = [
        ok(
            trial(model=model, latent_dim=size, seed=seed),
            frechet_prior=(prior if model == "ae" else 4.0) + WOBBLE * seed,
            frechet_mixture=value + WOBBLE * seed,
        )
        for size, pair in enumerate(mixtures, start=2)
        for model, value in zip(("ae", "vae"), pair, strict=True)
        for seed in range(seeds)
    ]
    (found,) = about_generation.sampled_twice(gather(make_run(results)), "digits")
    assert found is not None
    return found.lead


@pytest.mark.parametrize(
    ("mixtures", "told"),
    [
        ([(1.0, 2.0)] * 8, "below the VAE's."),
        ([(2.0, 1.0)] * 8, "and stays above the VAE's."),
        ([(1.0, 2.0), (2.0, 1.0)] * 4, "and whether below the VAE's cannot be told."),
        ([(1.0, 2.0)] * 2, "below the VAE's."),  # too few pairs for a test over them: seeds decide
        ([(1.0, 1.001)] * 2, "and whether below the VAE's cannot be told."),
        ([(1.0, 2.0), (2.0, 1.0)], "and whether below the VAE's cannot be told."),
    ],
)
def test_ae_and_vae_are_held_against_each_other_over_all_pairs(make_run, mixtures, told):
    found = lead(make_run, mixtures)
    assert found.startswith(
        "Sampled from a density of its own codes, the AE's Frechet distance falls from 10.01"
    )
    assert "%" not in found  # no ratio from one space of features alone
    assert found.endswith(f", {told}")


def in_two_spaces(make_run: MakeRun, second: tuple[float, float], prior: float = 30.0) -> Finding:
    """With mixtures of 1 (AE) and 2 (VAE) in the first space, and others in the second."""
    results = [
        ok(
            trial(model=model, latent_dim=size, seed=seed),
            frechet_prior=10.0 + WOBBLE * seed,
            frechet_mixture=value + WOBBLE * seed,
            frechet_prior_second=prior + WOBBLE * seed,
            frechet_mixture_second=other + WOBBLE * seed,
        )
        for size in range(2, 10)
        for model, value, other in zip(("ae", "vae"), (1.0, 2.0), second, strict=True)
        for seed in range(3)
    ]
    (found,) = about_generation.sampled_twice(gather(make_run(results)), "digits")
    assert found is not None
    return found


def test_ratios_are_those_of_both_spaces_of_features(make_run: MakeRun) -> None:
    found = in_two_spaces(make_run, (0.3, 0.6))
    lead = found.lead.replace(words.NBSP, " ")
    assert "falls by 90 % in one space of features and 99 % in another, below the VAE's." in lead
    assert "in the second space of features by" in found.text


def test_spaces_that_disagree_are_said_to(make_run: MakeRun) -> None:
    assert in_two_spaces(make_run, (0.6, 0.3)).lead.endswith(
        "and whether below the VAE's hangs on the space of features."
    )
    assert in_two_spaces(make_run, (0.6, 0.3), prior=0.1).lead == (
        "Whether a mixture fitted to its codes brings the AE nearer to real images hangs on the space of "
        "features."
    )


def test_of_one_seed_the_pairs_are_counted(make_run: MakeRun) -> None:
    assert lead(make_run, [(1.0, 2.0), (1.0, 2.0)], seeds=1).endswith("below the VAE's.")


def test_a_mixture_that_is_no_nearer_is_said_to_be_no_help(make_run: MakeRun) -> None:
    assert lead(make_run, [(2.0, 3.0)], prior=1.0) == "A mixture fitted to its codes does not help the AE."


def test_seeds_of_one_side_alone_do_not_turn_the_verdict(make_run: MakeRun) -> None:
    results = [
        ok(trial(model=model, latent_dim=2, seed=seed), frechet_prior=90.0, frechet_mixture=value + seed)
        for model, seeds, value in (("ae", (0, 1), 20.0), ("vae", (0,), 30.0))
        for seed in seeds
    ]
    (found,) = about_generation.sampled_twice(gather(make_run(results)), "digits")
    assert found is not None and found.lead.endswith("below the VAE's.")


def test_too_few_images_for_neighbours_leave_the_table_of_distances(
    make_run: MakeRun, written: Written
) -> None:
    near = {"precision_mixture": 0.5, "recall_mixture": 0.5}
    results = [
        ok(trial(dataset=dataset, model=model), frechet_prior=3.0, frechet_mixture=1.0, **measured)
        for dataset, measured in (("mine.npz", {}), ("mnist", near))
        for model in ("ae", "vae")
    ]
    page = written(make_run(results))
    tables = re.findall(r'<table id="(table-(?:generation|neighbourhoods)[^"]*)"', page)
    assert tables == ["table-generation-1", "table-generation-2", "table-neighbourhoods-2"]
