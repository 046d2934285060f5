"""Runs of other models and architectures than two: each is named, and held against what it builds on."""

import dataclasses
import re
from collections.abc import Iterator

import pytest

from bench import measures, models
from bench.ask import known
from bench.keeping.result import Result
from bench.models.cards import ModelCard, Option
from bench.report import words
from bench.report.evidence import Evidence, gather, opponents, priors
from bench.report.page import context
from bench.report.sections import findings
from bench.statistics import holm

from .conftest import NBSP, MakeRun, Written, ok, said, tables, texts, trial
from .test_report_answers import check

SIZES = (2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)
MIXTURE = "a mixture of 500 posteriors"
IWAE = ModelCard(
    name="iwae",
    title="importance weighted autoencoder",
    paper="Burda et al. 2016",
    code="families.vae:VariationalAutoencoder",
    against="vae",
    options=(Option("importance_samples", 5, minimum=1, text="codes an image"),),
)
VAMP = ModelCard(
    name="vamp_prior", label="VampPrior", title="VAE with a prior of posteriors", code="x", against="vae"
)
OPTIONS = {"vae": (("beta", 1.0), ("kl_warmup", 0)), "iwae": (("importance_samples", 5),)}


@pytest.fixture(autouse=True)
def _cards(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for card in (IWAE, VAMP):
        monkeypatch.setitem(models.MODELS, card.name, card)
    yield


def result(
    model: str, size: int = 8, seed: int = 0, architecture: str = "dense", **measures: float
) -> Result:
    """One of a model, with its texts as a trial leaves them."""
    unit = trial(
        model=model, latent_dim=size, seed=seed, architecture=architecture, options=OPTIONS.get(model, ())
    )
    said = {"prior": MIXTURE if model == "vamp_prior" else "N(0, I)"}
    if model == "ae":
        said["no_prior"] = "a model that is trained without a prior"
    return dataclasses.replace(ok(unit, **measures), texts=said)


def several(errors: dict[str, float], sizes: tuple[int, ...] = SIZES) -> list[Result]:
    """Two seeds of each model at each size; the error of a model, and a little of size and seed."""
    return [
        result(model, size, seed, test_mse=error + 1e-5 * size + 1e-6 * seed, frechet_prior=100 * error)
        for model, error in errors.items()
        for size in sizes
        for seed in range(2)
    ]


ERRORS = {"ae": 0.010, "vae": 0.020, "iwae": 0.018, "vamp_prior": 0.025}


def page_text(page: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", page).replace(NBSP, " ").split())


def test_each_model_is_held_against_the_one_that_it_builds_on_and_no_other(make_run: MakeRun) -> None:
    found = opponents.opponents(gather(make_run(several(ERRORS))), "model")
    assert [(one.first, one.second, len(one.pairs)) for one in found] == [
        ("vae", "ae", 10),
        ("iwae", "vae", 10),
        ("vamp_prior", "vae", 10),
    ]


def test_one_model_that_builds_on_another_comes_second_as_the_ae_and_the_vae(make_run: MakeRun) -> None:
    (one,) = opponents.opponents(gather(make_run(several({"vae": 0.02, "iwae": 0.018}))), "model")
    assert (one.sides, one.id) == (("VAE", "iwae"), "vae-iwae")
    found = context.build(make_run(several({"vae": 0.02, "iwae": 0.018})))
    assert found.sections["versus"] == "VAE against iwae"
    assert "iwae: importance weighted autoencoder (Burda et al. 2016)." in said(found, "versus")
    assert (
        tables(found, "versus")[1].caption.replace(NBSP, " ")
        == "VAE and iwae at equal settings, each VAE with β 1, each iwae with importance samples 5"
    )


def test_models_are_told_in_one_table_whose_p_values_hold_for_all_of_it(make_run: MakeRun) -> None:
    found = context.build(make_run(several(ERRORS)))
    assert found.sections["versus"] == "Models against those they build on"
    table = tables(found, "versus")[0]
    rows = texts(table)
    assert [row[:2] for row in rows] == [
        ["VAE against AE", "10"],
        ["Iwae against VAE", "10"],
        ["VampPrior against VAE", "10"],
    ]
    assert [row[2].split("; ")[1] for row in rows] == ["worse", "better", "worse"]
    tests = 3 * 2  # the MSE and the distance differ, and the two others are equal everywhere: p = 1
    p = 2**-9
    (expected, *_) = holm([p] * tests + [1.0] * 6)
    assert f"p = {expected:.3f}" in rows[0][2]
    assert rows[1][2].startswith("\N{MINUS SIGN}9.2 % (\N{MINUS SIGN}9.9 % to \N{MINUS SIGN}8.3 %)")


def test_a_direction_is_worded_as_the_measure_has_it(make_run: MakeRun) -> None:
    """The accuracy of the IWAE is higher, and higher is better."""
    results = [
        result(model, size, seed, latent_knn_accuracy=accuracy + 1e-4 * seed)
        for model, accuracy in {"ae": 0.9, "vae": 0.8, "iwae": 0.85}.items()
        for size in SIZES
        for seed in range(2)
    ]
    table = tables(context.build(make_run(results)), "versus")[0]
    place = [column.label for column in table.columns].index("5-NN accuracy, %")
    assert [row[place].split("; ")[1] for row in texts(table)] == ["worse", "better"]


def test_one_sentence_tells_who_reconstructs_closer(make_run: MakeRun) -> None:
    evidence = gather(make_run(several(ERRORS)))
    (told,) = (one for one in findings.all_findings(evidence) if one.see == "versus")
    assert told.lead == (
        "Iwae reconstructs closer than the model that it builds on; VAE and VampPrior reconstruct less close."
    )
    assert (
        "iwae against VAE \N{MINUS SIGN}9.2" in told.text
        and ", lower in 10 of 10 pairs (10 told, after Holm over them), p after Holm 0." in told.text
    )


def test_nothing_of_a_run_without_the_ae_is_told_of_the_ae(make_run: MakeRun, written: Written) -> None:
    page = written(make_run(several({"vae": 0.02, "iwae": 0.018, "vamp_prior": 0.025})))
    main = page_text(page.split('id="findings"', 1)[1].split('id="definitions', 1)[0])
    assert not re.search(r"\bAE\b", main.replace("a plain AE", ""))
    assert "was never trained to fill that prior" not in main


def test_each_prior_is_named_where_they_differ(make_run: MakeRun, written: Written) -> None:
    evidence = gather(make_run(several(ERRORS)))
    named = f"N(0, I) (AE, VAE, iwae) or {MIXTURE} (VampPrior)"
    assert priors.all_of(evidence.configurations) == named
    page = page_text(written(evidence.folder))
    assert f"To generate, codes are drawn from {named}. AE was trained to fill none." in page
    assert f"Every model is sampled twice: from {named} and from a mixture" in page
    assert "A plain autoencoder was never asked to fill a prior." in page


def test_a_result_that_does_not_say_what_it_was_drawn_from_is_of_the_prior(make_run: MakeRun) -> None:
    untold = dataclasses.replace(result("iwae"), texts={})
    old = ok(trial(model="ae"))
    first, second = gather(make_run([untold, old])).configurations
    assert (priors.drawn_from(first), priors.drawn_from(second)) == ("the prior", "N(0, I)")
    assert priors.is_asked(first) and not priors.is_asked(second)


def test_samples_of_several_models_are_told_pair_by_pair(make_run: MakeRun) -> None:
    results = [
        dataclasses.replace(one, measures={**one.measures, "frechet_mixture": 0.5}) for one in several(ERRORS)
    ]
    told = [one for one in findings.all_findings(gather(make_run(results))) if one.see == "generation"]
    (one,) = told
    assert one.lead == (
        "Samples from the prior, against those of the model it builds on: nearer iwae; farther VAE and "
        "VampPrior."
    )
    assert "iwae 1.80 against 2.00 of VAE" in one.text
    assert one.headline == "iwae draws nearer images from the prior than its parent."


def test_models_that_pay_for_their_codes_are_named_together(make_run: MakeRun) -> None:
    results = [
        result("ae", test_mse=0.010),
        result("vae", test_mse=0.030, test_kl=5.0, active_units=8),
        result("iwae", test_mse=0.030, test_kl=6.0, active_units=8),
    ]
    told = findings.all_findings(gather(make_run(results)))
    (codes,) = (one for one in told if one.lead.startswith("Codes of"))
    assert codes.lead == "Codes of VAE and iwae spend 5.00 to 6.00 nats an image."
    assert "Codes spend 5.00 to 6.00 nats an image." in codes.body


def test_what_one_model_alone_pays_is_one_number(make_run: MakeRun) -> None:
    told = findings.all_findings(gather(make_run([result("vae", test_kl=0.54, active_units=8)])))
    (codes,) = (one for one in told if one.lead.startswith("Codes of"))
    assert "Codes spend 0.54 nats an image." in codes.body


def test_the_protocol_describes_what_is_in_the_run(make_run: MakeRun) -> None:
    made = context.build(make_run([result("ae"), result("iwae", architecture="resnet")]))
    told = dict(made.blocks["protocol"][0].blocks[0].facts)
    assert told["Networks"].startswith("Dense: hidden layers of 512 and 256 units, mirrored in the decoder.")
    assert (
        "Resnet: residual blocks at each halving of an image, to 8x8 or less (He et al. 2016), with"
        in told["Networks"]
    )
    assert "Conv" not in told["Networks"] and "VAE" not in told["Networks"]
    assert (
        told["Models"] == "AE: plain autoencoder (Hinton & Salakhutdinov 2006). "
        "iwae: importance weighted autoencoder (Burda et al. 2016)."
    )


def test_architectures_are_held_against_the_first_of_the_catalogue(make_run: MakeRun) -> None:
    """Gated layers have no activation by themselves, and dense ones ReLU: that is no other setting."""
    results = [
        ok(
            trial(
                architecture=architecture,
                latent_dim=size,
                activation="linear" if architecture == "gated" else "relu",
                seed=seed,
            ),
            test_mse=0.01 + lead + 1e-6 * seed,
        )
        for architecture, lead in {"gated": 0.002, "resnet": -0.001, "dense": 0.0}.items()
        for size in SIZES
        for seed in range(2)
    ]
    found = context.build(make_run(results))
    assert found.sections["architectures"] == "Architectures against each other"
    rows = texts(tables(found, "architectures")[0])
    assert [row[:2] for row in rows] == [["Resnet against dense", "10"], ["Gated against dense", "10"]]
    assert f"Gated networks have a default of their own: activation{NBSP}linear." in said(
        found, "architectures"
    )
    (one,) = (one for one in findings.all_findings(gather(make_run(results))) if one.see == "architectures")
    assert one.lead == "Resnet reconstructs closer than dense; gated reconstructs less close."


def test_a_run_of_one_model_and_one_architecture_has_nothing_to_compare(make_run: MakeRun) -> None:
    found = context.build(make_run([result("iwae")]))
    assert said(found, "versus") == "This run has no two models of which one builds on the other."
    assert "architectures" not in found.blocks


@pytest.mark.parametrize("count", [8])
def test_a_run_of_eight_models_is_told_whole(
    make_run: MakeRun, written: Written, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    names = [f"model_{i}" for i in range(count)]
    for i, name in enumerate(names):
        card = ModelCard(name=name, title=f"model number {i}", code="x", against=names[i - 1] if i else "")
        monkeypatch.setitem(models.MODELS, name, card)
    results = several({name: 0.01 + 0.001 * i for i, name in enumerate(names)}, sizes=(2, 4))
    evidence: Evidence = gather(folder := make_run(results))
    assert not [one for one in findings.all_findings(evidence) if one.lost]
    page = written(folder)
    assert "could not be made" not in page
    assert page.count("against model ") >= count - 1
    assert known.CATALOGUE.model("model_7").against == "model_6"
    assert len(measures.of_table("standings")) == 8


def test_where_no_model_ended_well_nothing_is_said_of_priors() -> None:
    assert priors.of_samples([]) == "" == words.capital("")


def test_articles_go_by_the_sound() -> None:
    named = ("VAE", "AE", "IWAE", "FB-VAE", "VQ-VAE", "conditional VAE", "ensemble", "two-stage VAE")
    assert [words.a(name).split()[0] for name in named] == ["a", "an", "an", "an", "a", "a", "an", "a"]


@pytest.mark.parametrize("seeds", [1, 2])
def test_findings_of_four_models_and_three_architectures_are_short(make_run: MakeRun, seeds: int) -> None:
    errors = {"ae": 0.01, "vae": 0.02, "iwae": 0.018, "vamp_prior": 0.03}
    results = [
        result(
            *(model, size, seed, architecture),
            test_mse=error / size + 1e-6 * seed,
            frechet_prior=100 * error,
            frechet_mixture=90 * error,
            test_kl=4.0,
            active_units=2,
        )
        for model, error in errors.items()
        for size in (2, 8)
        for architecture in ("dense", "conv", "resnet")
        for seed in range(seeds)
    ]
    check(findings.all_findings(gather(make_run(results))))
