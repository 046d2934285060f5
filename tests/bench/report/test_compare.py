"""Two runs held against each other: made by hand, so that it is known what changed."""

import csv
import json
import pathlib

import numpy as np
import pytest

from bench import compare, errors
from bench.ask.trial import PROTOCOL_VERSION, Baseline
from bench.compare import change, formats, reading, verdicts
from bench.keeping import tables
from bench.keeping.result import Outcome, Result
from bench.keeping.store import RunFolder
from bench.report.evidence.naming import settings_of

from .conftest import ok, trial

SEEDS = range(3)
DATA = {"digits": {"sha256": "a" * 64, "image_shape": [28, 28, 1], "images": {"train": 1077}}}


def make(path: pathlib.Path, results: list[Result], **record: object) -> pathlib.Path:
    """A run folder as it is published: the record and the tables."""
    folder = RunFolder(path)
    folder.create()
    units = [result.unit.settings() for result in results]
    empty = {"grid": {}, "command": "python -m bench run", "datasets": DATA, "sessions": []}
    folder.write_run({**empty, **record, "units": units})
    for result in results:
        folder.write(Outcome(result=result))
    folder.write_text("results.csv", tables.results_csv(results))
    return path


def seeds(mse: float, spread: float = 1e-4, **settings: object) -> list[Result]:
    """Three trials with this mean MSE."""
    offsets = (-spread, 0.0, spread)
    return [
        ok(trial(seed=seed, **settings), test_mse=mse + offset, test_ssim=0.7 + offset)
        for seed, offset in zip(SEEDS, offsets, strict=True)
    ]


def found(before: pathlib.Path, after: pathlib.Path) -> change.Comparison:
    return verdicts.compare(reading.read(RunFolder(before)), reading.read(RunFolder(after)))


def verdict_of(comparison: change.Comparison, measure: str, configuration: str = "") -> str:
    (one,) = [
        change
        for change in comparison.changes
        if change.measure == measure and configuration in change.configuration
    ]
    return one.verdict


@pytest.mark.parametrize(
    ("mse", "expected"),
    [(0.02, "same"), (0.0201, "consistent"), (0.03, "worse"), (0.01, "better")],
)
def test_what_is_beyond_the_spread_of_seeds_has_a_verdict(tmp_path, mse, expected):
    comparison = found(make(tmp_path / "a", seeds(0.02)), make(tmp_path / "b", seeds(mse)))
    assert verdict_of(comparison, "test_mse") == expected
    assert verdict_of(comparison, "test_ssim") == "same"
    change = comparison.changes[0]
    assert change.difference.low <= mse - 0.02 <= change.difference.high
    assert change.configuration == "AE dense, latent 8"


def test_higher_is_better_where_the_measure_says_so(tmp_path):
    low = [ok(trial(seed=s), test_ssim=0.70 + 0.001 * s) for s in SEEDS]
    high = [ok(trial(seed=s), test_ssim=0.80 + 0.001 * s) for s in SEEDS]
    comparison = found(make(tmp_path / "a", low), make(tmp_path / "b", high))
    assert verdict_of(comparison, "test_ssim") == "better"


@pytest.mark.parametrize(("mse", "expected"), [(0.0201, "consistent"), (0.03, "worse"), (0.01, "better")])
@pytest.mark.parametrize("is_turned", [False, True])
def test_one_seed_is_held_against_the_spread_of_the_other_run(tmp_path, mse, expected, is_turned):
    many = make(tmp_path / "many", seeds(0.02))
    one = make(tmp_path / "one", [ok(trial(seed=9), test_mse=mse)])
    comparison = found(one, many) if is_turned else found(many, one)
    turned = {"worse": "better", "better": "worse", "consistent": "no difference shown"}  # of one seed: none
    assert verdict_of(comparison, "test_mse") == (turned.get(expected, expected) if is_turned else expected)
    change = comparison.changes[0]
    assert change.difference.mean == pytest.approx(change.after - change.before)
    assert change.difference.low < change.difference.mean < change.difference.high


def test_with_one_seed_on_both_sides_nothing_can_be_told(tmp_path):
    before = make(tmp_path / "a", [ok(trial(), test_mse=0.01)])
    comparison = found(before, make(tmp_path / "b", [ok(trial(), test_mse=0.09)]))
    assert verdict_of(comparison, "test_mse") == "cannot tell"
    assert comparison.changes[0].difference.low is None
    assert comparison.regressions(0.0) == ()


def test_a_seed_with_the_same_numbers_is_the_same_whatever_other_seeds_there_are(tmp_path):
    many = seeds(0.02)
    comparison = found(make(tmp_path / "a", many), make(tmp_path / "b", many[:1]))
    assert {change.verdict for change in comparison.changes} == {"same"}


@pytest.mark.parametrize(("share", "expected"), [(1e-6, "same"), (0.01, "worse")])
def test_baselines_have_no_chance_in_them_but_rounding(tmp_path, share, expected):
    one = Baseline(dataset="digits", model="pca", latent_dim=8)
    before = make(tmp_path / "a", [ok(one, test_mse=0.04)])
    after = make(tmp_path / "b", [ok(one, test_mse=0.04 * (1 + share))])
    assert verdict_of(found(before, after), "test_mse") == expected


def test_of_many_numbers_that_differ_by_chance_hardly_ever_one_has_a_verdict():
    """Of all measures together, not one by one: exit code 4 is one promise."""
    generator = np.random.default_rng(1)
    keys = [tuple(settings_of(trial(latent_dim=size)).items()) for size in range(2, 12)]
    names = ("test_mse", "test_ssim", "latent_accuracy", "latent_knn_accuracy")

    def drawn() -> reading.Side:
        values = {
            key: {name: dict(zip(SEEDS, generator.normal(size=3), strict=True)) for name in names}
            for key in keys
        }
        return reading.Side(name="", protocol=1, data={}, features={}, values=values, failed={})

    runs = [verdicts.compare(drawn(), drawn()).changes for _ in range(100)]
    apart = [any(change.difference.excludes_zero for change in changes) for changes in runs]
    assert np.mean(apart) > 0.5  # taken one by one, some of the forty look different
    chance = {"no difference shown", "consistent"}
    mistaken = [not {change.verdict for change in changes} <= chance for changes in runs]
    assert np.mean(mistaken) <= 0.1


def test_other_images_and_another_protocol_do_not_compare(tmp_path):
    before = make(tmp_path / "a", seeds(0.02))
    other = make(tmp_path / "b", seeds(0.09), datasets={"digits": {**DATA["digits"], "sha256": "b" * 64}})
    comparison = found(before, other)
    assert comparison.counts() == {"not comparable": len(comparison.changes)}
    assert "The images of digits are not the same" in comparison.notes[0]
    record = json.loads((other / "run.json").read_text())
    (other / "run.json").write_text(json.dumps({**record, "datasets": DATA, "protocol": 0}))
    comparison = found(before, other)
    assert comparison.counts() == {"not comparable": len(comparison.changes)}
    assert f"versions {PROTOCOL_VERSION} and 0 of the protocol" in comparison.notes[0]


def test_what_one_run_alone_has_is_named(tmp_path):
    before = make(tmp_path / "a", seeds(0.02) + seeds(0.02, latent_dim=2))
    after = make(tmp_path / "b", seeds(0.02) + seeds(0.02, model="vae"))
    comparison = found(before, after)
    assert comparison.only_before == ("AE dense, latent 2",)
    assert comparison.only_after == ("VAE dense, latent 8",)


def test_runs_on_two_backends_are_matched_across_them(tmp_path):
    before = make(tmp_path / "a", seeds(0.02))
    comparison = found(before, make(tmp_path / "b", seeds(0.0201, backend="jax")))
    assert verdict_of(comparison, "test_mse") == "consistent"
    assert "torch" in comparison.notes[0]
    assert "jax" in comparison.notes[0]


# --- formats -------------------------------------------------------------------------------------------


@pytest.fixture
def worse(tmp_path):
    before = make(tmp_path / "a", seeds(0.02) + seeds(0.05, latent_dim=2))
    after = make(tmp_path / "b", seeds(0.03) + seeds(0.05, latent_dim=2))
    return before, after


def test_text_says_it_in_a_table_and_a_sentence(worse):
    text = formats.text(found(*worse), 0.0)
    assert "AE dense, latent 8" in text
    assert "▼\N{NO-BREAK SPACE}worse" in text
    assert text.endswith("2 configurations in both runs: of 6 numbers, 1 worse and 5 the same. 1 got worse.")


def test_json_holds_every_number(worse):
    record = json.loads(formats.as_json(found(*worse), 0.0))
    assert record["counts"] == {"worse": 1, "same": 5}
    change = record["changes"][0]
    assert change["difference"]["mean"] == pytest.approx(0.01)
    assert change["measure"] == "test_mse"


def test_markdown_is_one_table(worse):
    lines = formats.markdown(found(*worse), 0.0).splitlines()
    rows = [line for line in lines if line.startswith("|")]
    assert len(rows) == 2 + 6
    assert len({line.replace("\\|", "").count("|") for line in rows}) == 1


def test_the_page_is_valid_and_escapes_what_is_in_names(worse, tmp_path):
    html5lib = pytest.importorskip("html5lib")
    before = make(tmp_path / "c", seeds(0.02, dataset="<script>alert(1)</script>.npz"))
    comparison = found(before, before)
    text = formats.html(comparison, 0.0)
    html5lib.HTMLParser(strict=True).parse(text)
    assert "<script>alert" not in text


# --- as a user calls it --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "code"),
    [((), 4), (("--threshold", "0.4"), 4), (("--threshold", "0.6"), 0), (("--format", "json"), 4)],
)
def test_exit_code_4_says_that_something_got_worse(bench, worse, tmp_path, arguments, code):
    process = bench("compare", *worse, *arguments, cwd=tmp_path, backend="no-such-backend")
    assert process.returncode == code, process.stderr
    assert process.stderr == ""


def test_mistakes_are_one_line(bench, worse, tmp_path):
    before, after = worse
    with (after / "results.csv").open(newline="") as file:
        rows = list(csv.reader(file))
    (after / "results.csv").write_text("\n".join(",".join(row[:3]) for row in rows))
    for arguments, phrase in (
        ((before, "nowhere"), "no run 'nowhere'"),
        ((before, before, "--threshold", "much"), "--threshold: expected a share of at least 0"),
        ((before, after), "results.csv cannot be read"),
    ):
        process = bench("compare", *arguments, cwd=tmp_path)
        assert process.returncode == 2
        assert phrase in process.stderr
        assert process.stderr.count("\n") == 1
    (after / "results.csv").unlink()
    with pytest.raises(errors.RunFolderError, match=r"has no results.csv to compare; write it with"):
        compare.run(str(before), str(after), "text", "0")
    other = make(tmp_path / "other", seeds(0.02, latent_dim=64))
    with pytest.raises(errors.RunFolderError, match=r"in common.*; they differ in latent size: 8, 2 / 64"):
        compare.run(str(before), str(other), "text", "0")


def test_the_setting_that_differs_is_named(tmp_path):
    before = make(tmp_path / "a", seeds(0.02) + seeds(0.02, model="vae"))
    clothes = make(tmp_path / "b", seeds(0.02, dataset="fashion_mnist"))
    with pytest.raises(errors.RunFolderError, match=r"data set: digits / fashion_mnist \(first / second\)"):
        found(before, clothes)
    longer = make(tmp_path / "c", seeds(0.02) + seeds(0.02, model="vae", epochs=9))
    (note,) = found(before, longer).notes
    assert note.startswith("What is in one run only differs in ")
    assert " epochs: " in note.replace("in epochs", "in  epochs") and note.endswith(" / 9 (first / second).")
    crossed = make(tmp_path / "d", seeds(0.02, latent_dim=2) + seeds(0.02, model="vae"))
    other = make(tmp_path / "e", seeds(0.02) + seeds(0.02, model="vae", latent_dim=2))
    with pytest.raises(errors.RunFolderError, match="each setting has a value in both"):
        found(crossed, other)


def test_a_real_run_is_the_same_as_itself(finished_run, capsys):
    assert compare.run(str(finished_run), str(finished_run), "text", "0") == 0
    assert "Nothing is shown to have got worse." in capsys.readouterr().out


def test_trials_that_fail_now_are_told_and_are_worse(tmp_path, capsys):
    before = make(tmp_path / "a", seeds(0.02) + seeds(0.02, latent_dim=2))
    lost = [trial(seed=1), trial(seed=2), *(trial(seed=seed, latent_dim=2) for seed in SEEDS)]
    failed = [Result(unit=one, status="failed", error="diverged") for one in lost]
    after = make(tmp_path / "b", [*seeds(0.02)[:1], *failed])
    comparison = found(before, after)
    assert comparison.failures == (
        "AE dense, latent 8: 3 of 3 trials ended well in the first run, 1 of 3 trials in the second.",
        "AE dense, latent 2: 3 of 3 trials ended well in the first run, 0 of 3 trials in the second.",
    )
    assert comparison.only_before == ()
    assert compare.run(str(before), str(after), "text", "0") == 4
    said = " ".join(capsys.readouterr().out.split())
    assert "Of 2 configurations fewer trials ended well. No number is shown to have got worse." in said
    assert "0 of 3 trials in the second" in said
    assert found(after, before).failures == ()


def test_a_run_that_failed_altogether_is_worse_and_no_crash(tmp_path, capsys):
    before = make(tmp_path / "a", seeds(0.02))
    failed = [Result(unit=trial(seed=seed), status="failed", error="diverged") for seed in SEEDS]
    after = make(tmp_path / "b", failed)
    for form in ("text", "markdown", "json", "html"):
        assert compare.run(str(before), str(after), form, "0") == 4
    assert "0 of 3 trials in the second" in capsys.readouterr().out


def test_a_configuration_of_which_other_seeds_failed_is_said_to_be_in_one_run_only(tmp_path):
    before = make(tmp_path / "a", [*seeds(0.02), *seeds(0.03, latent_dim=2)[:1]])
    failed = Result(unit=trial(seed=1, latent_dim=2), status="failed", error="diverged")
    comparison = found(before, make(tmp_path / "b", [*seeds(0.02), failed]))
    assert (comparison.failures, comparison.only_before) == ((), ("AE dense, latent 2",))


def test_a_reason_is_given_once_for_all_data_sets(tmp_path):
    both = [*seeds(0.02), *seeds(0.02, dataset="mnist")]
    runs = [
        make(tmp_path / name, both, datasets={**DATA, "mnist": {**DATA["digits"], "sha256": "c" * 64}})
        for name in "ab"
    ]
    record = json.loads((runs[1] / "run.json").read_text())
    (runs[1] / "run.json").write_text(json.dumps({**record, "protocol": 0}))
    assert len(found(*runs).notes) == 1
