"""What to take for what."""

from bench.ask.trial import Trial
from bench.keeping.result import Result
from bench.report.evidence import gather
from bench.report.sections import purposes

from .conftest import MakeRun, ok, timed, trial


def tables(folder) -> list[list[str]]:
    found = purposes.table(gather(folder), "digits")
    return [[cell.text.replace("\N{NO-BREAK SPACE}", " ") for cell in row.cells] for row in found.rows]


def test_the_best_has_the_lowest_error_or_the_highest_accuracy_and_rivals_are_named(
    make_run: MakeRun,
) -> None:
    numbers = {2: (0.05, 0.4), 8: (0.0201, 0.8), 16: (0.02, 0.9)}
    results = [
        ok(
            trial(latent_dim=size, seed=seed),
            test_mse=mse + 1e-4 * seed,
            latent_knn_accuracy=accuracy + 0.001 * seed,
        )
        for size, (mse, accuracy) in numbers.items()
        for seed in range(3)
    ]
    reconstruct, neighbours = tables(make_run(results))
    assert reconstruct[:2] == ["Reconstruct images", "AE dense, latent 16"]
    assert reconstruct[4] == "AE dense, latent 8"
    assert neighbours[:2] == ["Codes whose neighbours are alike", "AE dense, latent 16"]
    assert neighbours[4] == "none"


def test_validation_images_choose_and_test_images_tell(make_run: MakeRun) -> None:
    results = [
        ok(trial(latent_dim=2), test_mse=0.02, validation_mse=0.031),
        ok(trial(latent_dim=8), test_mse=0.03, validation_mse=0.03),
    ]
    reconstruct, _ = tables(make_run(results))
    assert reconstruct[1:4] == ["AE dense, latent 8", "MSE", "0.03000"]


def test_what_lacks_a_number_on_validation_images_is_left_out_and_named(make_run: MakeRun) -> None:
    some = ok(trial(latent_dim=2, seed=0), test_mse=0.01)
    none = Result(unit=trial(latent_dim=2, seed=1), status="ok", measures={"test_mse": 0.01})
    others = [ok(trial(latent_dim=size, seed=seed)) for size in (8, 16) for seed in (0, 1)]
    folder = make_run([some, none, *others])
    assert "latent 2" not in {row[1] for row in tables(folder)}
    note = purposes.table(gather(folder), "digits").note.replace("\N{NO-BREAK SPACE}", " ")
    assert note.endswith("Left out, since numbers on validation images are missing: AE dense, latent 2.")


def test_a_rival_of_one_seed_may_be_as_good(make_run: MakeRun) -> None:
    results = [
        ok(trial(latent_dim=size, seed=seed), test_mse=mse + 1e-4 * seed)
        for size, mse in ((8, 0.02), (16, 0.05))
        for seed in range(3)
    ]
    (reconstruct, _) = tables(make_run([*results, ok(trial(latent_dim=2), test_mse=0.0202)]))
    assert reconstruct[4] == "AE dense, latent 2"


def test_of_one_seed_it_says_that_rivals_cannot_be_told(make_run: MakeRun) -> None:
    results = [ok(trial(latent_dim=size), test_mse=0.1 / size) for size in (2, 8)]
    folder = make_run(results)
    assert {row[4] for row in tables(folder)} == {"cannot tell"}
    assert "cannot be told" in purposes.table(gather(folder), "digits").note


def test_one_configuration_leaves_nothing_to_choose(make_run: MakeRun) -> None:
    assert purposes.table(gather(make_run([ok(trial())])), "digits") is None


def test_nothing_is_taken_for_its_speed_since_times_do_not_repeat(make_run: MakeRun) -> None:
    results = [ok(trial(architecture=each)) for each in ("dense", "conv")]
    folder = make_run(results)
    for result, step in zip(results, (0.005, 0.01), strict=True):
        assert isinstance(result.unit, Trial)
        timed(folder, result.unit, step)
    assert not any("fast" in cell.lower() for row in tables(folder) for cell in row)
