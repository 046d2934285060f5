"""What a report says of coders that were made elsewhere: marked, ranked, and never recommended."""

import numpy as np
import pytest

from bench import opened, report
from bench.ask.trial import Baseline, External
from bench.keeping.result import Outcome, Result
from bench.keeping.store import RunFolder
from bench.report.evidence import Evidence, gather
from bench.report.findings import alerts, choices, ranks
from bench.report.sections import chart_board, classes, failures, galleries, looks

from .conftest import NBSP, MakeRun, Written, ok, trial

CODER, MINE = "my-ae", "my-ae, latent 8 (external)"


def external(seed: int = 0, name: str = CODER, **measures: float) -> Result:
    unit = External(dataset="digits", model=name, seed=seed, file="0" * 12, source="coder", latent_dim=8)
    return ok(unit, **measures)


@pytest.fixture
def run(make_run: MakeRun) -> RunFolder:
    """Two configurations, a better external coder, and a linear VAE; with pictures."""
    found = [
        *(ok(trial(seed=seed), test_mse=0.02 + 1e-4 * seed) for seed in (0, 1)),
        *(ok(trial(seed=seed, model="vae"), test_mse=0.03 + 1e-4 * seed) for seed in (0, 1)),
        *(external(seed, test_mse=0.01 + 1e-4 * seed) for seed in (0, 1)),
        ok(
            Baseline(dataset="digits", model="linear_vae", latent_dim=8, options=(("beta", 1.0),)),
            test_mse=0.025,
        ),
    ]
    folder = make_run(found)
    images = np.zeros((10, 8, 8, 1), np.uint8)
    for one in found:
        arrays = {
            "originals": images,
            "reconstructions": images,
            "labels": np.arange(10),
            "class_labels": np.arange(2),
            "class_mse": np.array([0.01, 0.02]),
        }
        folder.write(
            Outcome(result=one, images=arrays if one.unit.model == CODER else arrays | {"samples": images})
        )
    return folder


@pytest.fixture
def evidence(run: RunFolder) -> Evidence:
    return gather(run)


def test_an_external_coder_is_marked_wherever_a_baseline_is(run, evidence):
    twin = written_twin(run)
    assert f"| {MINE} |" in twin and f"**{MINE}**" not in twin
    assert f"| {MINE}, MSE" in twin  # a row of pictures
    page = (run.path / "index.html").read_text().replace(NBSP, " ")
    assert f"<h3>{MINE}</h3>" in page
    assert "<h3>Linear VAE, latent 8 (baseline)</h3>" in page
    assert "All configurations, external coders and baselines on" in twin


def test_charts_mark_it_in_names_and_legends_and_have_no_entry_for_no_architecture(evidence):
    board = chart_board.boards(evidence, "digits")[0]
    for svg in (chart_board.draw(board, "").svg, _classes(evidence).svg):
        assert "my-ae (external)" in svg.replace(NBSP, " "), "the legend"
        assert "></text>" not in svg and "dense" not in svg.split("</text>")[3]
    assert MINE in chart_board.draw(board, "").svg.replace(NBSP, " ")
    assert looks.of(evidence.rivals).architectures == ("dense",)


def _classes(evidence: Evidence):
    from bench.report.sections import chart_classes

    return chart_classes.draw(evidence, "digits", classes.by_class(evidence, "digits"))


def test_samples_name_those_alone_whose_samples_are_shown(run, evidence):
    told = str(galleries.section(evidence, "")).replace(NBSP, " ")
    assert "drawn from N(0, I). Linear VAE and VAE were trained for this; a plain AE was not." in told
    assert "my-ae" not in told.split("Samples are decoded")[1].split("text=")[0].split(".")[0]


def test_it_is_ranked_counted_apart_and_never_recommended_which_is_said_once(run, evidence):
    told = ranks.leaders(evidence, "digits")
    assert told is not None
    whole = f"{told.lead} {told.text} {told.headline} {told.body}".replace(NBSP, " ")
    assert "Of 2 configurations and 1 external coder" in whole and "3 configurations" not in whole
    assert MINE in whole
    assert all(CODER not in choice.taken.name for choice in choices.choices(evidence, "digits"))
    assert "2 configurations and 1 external coder" in chart_board.draw(
        chart_board.boards(evidence, "digits")[0], ""
    ).alt.replace(NBSP, " ")
    assert written_twin(run).count("never counted as one or recommended") == 1


def test_of_a_run_without_any_nothing_is_said_of_them(make_run: MakeRun, written: Written):
    assert (
        "external" not in written(make_run([ok(trial())])).split("How to read this page")[1].split("</ul>")[0]
    )


def test_an_opened_run_says_of_what_kind_each_row_is(run):
    table = opened.Run(run.path).results
    assert dict(zip(table["model"], table["kind"], strict=True)) == {
        "ae": "trial",
        "vae": "trial",
        CODER: "external",
        "linear_vae": "baseline",
    }


def failed(unit) -> Result:
    return Result(unit=unit, status="failed", error="no")


@pytest.mark.parametrize(
    ("count", "trials", "phrases"),
    [
        (1, 0, ("1 external coder failed. It takes part in no comparison.", "mend its file")),
        (2, 0, ("2 external coders failed. They take part in no comparison.", "mend its file")),
        (1, 1, ("1 of 2 trials and 1 external coder failed. They take", "mend its file", "--retry-failed")),
    ],
)
def test_a_measured_file_that_failed_is_to_be_mended(make_run: MakeRun, count, trials, phrases):
    results = [ok(trial()), *(failed(external(seed).unit) for seed in range(count))]
    results += [failed(trial(seed=1))] * trials
    evidence = gather(make_run(results))
    alert = alerts.failed(evidence)
    assert alert is not None
    assert all(phrase in alert.line() for phrase in phrases), alert.line()
    assert bool(trials) == ("--retry-failed" in alert.line())
    assert "external coder" in failures.summary(evidence)


def written_twin(run: RunFolder) -> str:
    """The page in Markdown."""
    report.write(run, say=lambda line: pytest.fail(line))
    return (run.path / "README.md").read_text().replace(NBSP, " ")
