"""What holds from when, and models at the learning rate that is best for each."""

import dataclasses

import pytest

from bench.ask import axes
from bench.ask.trial import Baseline
from bench.keeping.result import Result
from bench.report.blocks.table import Table
from bench.report.evidence import conditions, floors, gather
from bench.report.findings import choices
from bench.report.sections import stability, tuned

from .conftest import NBSP, MakeRun, Written, ok, trial

SEEDS = range(4)


def one(model: str, seed: int, by_epoch: dict[int, float], train_images: int = 0) -> Result:
    """A trial with an MSE after each of these epochs, the last its end."""
    *before, last = by_epoch
    snapshots = " ".join(map(str, before)) or "none"
    own = {"vae": {"beta": 1.0, "kl_warmup": 0}}.get(model, {})
    options = axes.as_options({**own, "snapshots": snapshots, "train_images": train_images})
    unit = trial(model=model, seed=seed, epochs=last, options=options)
    taken = {str(epoch): {"test_mse": by_epoch[epoch]} for epoch in before}
    return dataclasses.replace(ok(unit, test_mse=by_epoch[last]), snapshots=taken)


def shaken(error: float, seed: int) -> float:
    return error * (1 + 0.001 * ((seed * 7) % 4 - 1.5))


def turning(make_run: MakeRun, **record: object):
    """The AE is worse after 2 epochs, as good after 5, and better at the end; of few images it is worse."""
    found = []
    for seed in SEEDS:
        for model, errors in (("ae", (0.03, 0.02, 0.01)), ("vae", (0.02, 0.02, 0.015))):
            epochs = dict(zip((2, 5, 10), errors, strict=True))
            moved = {e: shaken(value, seed if model == "ae" else seed + 1) for e, value in epochs.items()}
            found.append(one(model, seed, moved))
            few = {2: 0.05, 5: 0.05, 10: 0.05 if model == "ae" else 0.04}
            found.append(one(model, seed, {e: shaken(v, seed) for e, v in few.items()}, train_images=100))
    return gather(make_run(found, **record))


def told(table: Table | None, name: str) -> dict[str, str]:
    assert table is not None
    heads = [column.label for column in table.columns[1:]]
    row = next(row for row in table.rows if row.cells[0].text == name)
    return dict(zip(heads, (cell.text for cell in row.cells[1:]), strict=True))


def test_a_comparison_is_told_under_each_condition(make_run: MakeRun) -> None:
    found = told(stability.table(turning(make_run), "digits"), "VAE against AE: MSE")
    assert found == {
        **{"2 epochs": "VAE", "5 epochs": "–", "10 epochs": "AE"},  # noqa: RUF001
        **{"100 images": "VAE", "all images": "AE"},
        **{"2 seeds": "AE", "3 seeds": "AE", "4 seeds": "AE"},
    }


def test_what_turns_is_named(make_run: MakeRun) -> None:
    finding = stability.holds(turning(make_run), "digits")
    assert finding is not None and finding.lead == "What holds from when."
    text = finding.text.replace(NBSP, " ")
    assert text.startswith(
        "A side is named in 1 comparison with 10 epochs, and in 0 of them from 2 epochs on; the other side "
        "is named with fewer in: VAE against AE: MSE."
    )


def test_pairs_told_to_both_sides_are_no_verdict(make_run: MakeRun) -> None:
    found = []
    for seed in SEEDS:
        for latent, (ae, vae) in {4: (0.01, 0.02), 8: (0.02, 0.01)}.items():
            for model, error in (("ae", ae), ("vae", vae)):
                result = one(model, seed, {5: 0.03, 10: shaken(error, seed)})
                unit = dataclasses.replace(result.unit, latent_dim=latent)
                found.append(dataclasses.replace(result, unit=unit))
    table = stability.table(gather(make_run(found)), "digits")
    assert told(table, "VAE against AE: MSE")["10 epochs"] == stability.BOTH


def test_without_snapshots_and_sizes_there_is_no_section(make_run: MakeRun, written: Written) -> None:
    folder = make_run([ok(trial(seed=seed)) for seed in SEEDS])
    assert stability.table(gather(folder), "digits") is None
    assert 'id="stability"' not in written(folder)


def test_the_section_stands_in_the_page(make_run: MakeRun, written: Written) -> None:
    page = written(turning(make_run).folder)
    assert 'id="stability"' in page and "What holds from when" in page


@pytest.mark.parametrize(
    ("verdicts", "first"),
    [(["a", "a", "a"], 0), (["b", "a", "a"], 1), (["a", "b", "a"], None), (["a"], None), (["b", "a"], None)],
)
def test_from_where_on_all_are_the_last(verdicts: list[str], first: int | None) -> None:
    assert conditions.first_of_the_same(verdicts) == first


def rates(make_run: MakeRun, errors: dict[str, dict[float, tuple[float, float]]]):
    """By model and learning rate: validation loss and test MSE, of four seeds."""
    return gather(
        make_run(
            [
                ok(
                    trial(model=model, learning_rate=rate, seed=seed),
                    validation_loss=loss,
                    test_mse=shaken(mse, seed if model == "ae" else seed + 1),
                )
                for model, of_rates in errors.items()
                for rate, (loss, mse) in of_rates.items()
                for seed in SEEDS
            ]
        )
    )


def test_each_model_is_taken_at_the_rate_that_validation_chooses(make_run: MakeRun) -> None:
    # By test numbers the AE would have its other rate.
    evidence = rates(
        make_run,
        {"ae": {1e-3: (9.0, 0.02), 3e-3: (10.0, 0.001)}, "vae": {1e-3: (30.0, 0.05), 3e-3: (25.0, 0.03)}},
    )
    found = told(tuned.table(evidence, "digits"), "VAE dense against AE dense")
    assert found["Learning rates"] == "0.003 and 0.001"
    assert found["MSE"].startswith("+50") and found["MSE"].endswith(": AE")


def test_models_of_one_rate_have_no_such_table(make_run: MakeRun) -> None:
    evidence = rates(make_run, {"ae": {1e-3: (9.0, 0.02)}, "vae": {1e-3: (30.0, 0.05), 3e-3: (25.0, 0.03)}})
    assert tuned.table(evidence, "digits") is None


def test_a_run_of_fewer_images_alone_is_told_by_its_epochs(make_run: MakeRun) -> None:
    found = [
        one(model, seed, {2: 0.03, 5: shaken(error, seed)}, train_images=100)
        for seed in SEEDS
        for model, error in (("ae", 0.01), ("vae", 0.02))
    ]
    assert told(stability.table(gather(make_run(found)), "digits"), "VAE against AE: MSE")["5 epochs"] == "AE"


def test_a_baseline_competes_with_networks_that_saw_the_same_training_images(make_run: MakeRun) -> None:
    few, error = (("train_images", 100),), {"test_mse": 0.01, "validation_mse": 0.01}
    networks = [
        dataclasses.replace(each, measures={**each.measures, "validation_mse": each.measures["test_mse"]})
        for each in (one("ae", 0, {10: 0.03}), one("ae", 0, {10: 0.02}, train_images=100))
    ]
    all_of_them, those = (
        ok(Baseline(dataset="digits", model="pca", latent_dim=8, options=options), **error)
        for options in ((), few)
    )
    for baselines, is_taken in (([all_of_them], False), ([all_of_them, those], True)):
        choice = choices.of(gather(make_run([*networks, *baselines])), "digits", "test_mse")
        assert choice is not None and choice.best.settings["train_images"] == 100
        assert (choice.baseline is not None) == is_taken


def test_a_baseline_stands_beside_what_saw_the_same_training_images(make_run: MakeRun) -> None:
    few = (("train_images", 100),)
    results = [
        one("ae", 0, {10: 0.01}),
        one("ae", 0, {10: 0.02}, train_images=100),
        ok(Baseline(dataset="digits", model="pixels", options=few), precision_mixture=0.5),
        ok(Baseline(dataset="digits", model="pixels"), precision_mixture=0.9),
        ok(Baseline(dataset="digits", model="pca", latent_dim=8), test_mse=0.03),
        ok(Baseline(dataset="digits", model="pca", latent_dim=8, options=few), test_mse=0.04),
    ]
    evidence = gather(make_run(results))
    beside = [evidence.beside(each, "pca") for each in evidence.configurations]
    assert [each.mean("test_mse") for each in beside if each] == [0.03, 0.04]
    assert floors.among(evidence.baselines, "precision_prior") == 0.9
