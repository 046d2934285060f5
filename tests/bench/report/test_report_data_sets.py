"""Several data sets in one run: what is said of pairs is said of each, for errors do not compare across."""

from bench.report.evidence import gather
from bench.report.findings.about_models import against_each_other
from bench.report.page import context

from .conftest import MakeRun, ok, tables, texts, trial

LEADS = {"digits": 0.002, "mnist": -0.002}  # of conv over dense: opposite, so that a mean of both is 0


def run(make_run: MakeRun):
    return make_run(
        [
            ok(
                trial(dataset=dataset, architecture=architecture, latent_dim=size, seed=seed),
                test_mse=0.02 + 1e-5 * seed + (lead if architecture == "dense" else 0),
            )
            for dataset, lead in LEADS.items()
            for size in (2, 4, 8, 16, 32, 64, 128, 256)
            for architecture in ("dense", "conv")
            for seed in range(2)
        ]
    )


def test_each_data_set_has_verdicts_of_its_own(make_run: MakeRun) -> None:
    first, second, pairs, *_ = tables(context.build(run(make_run)), "architectures")
    assert [table.id for table in (first, second)] == [
        "table-dense-conv-verdicts-1",
        "table-dense-conv-verdicts-2",
    ]
    assert [table.caption.rsplit(" on ", 1)[-1] for table in (first, second)] == ["digits", "MNIST"]
    assert [texts(table)[0][-1] for table in (first, second)] == ["Dense worse", "Dense better"]
    assert len(pairs.rows) == 16


def test_each_data_set_has_a_finding_of_its_own(make_run: MakeRun) -> None:
    evidence = gather(run(make_run))
    sides = ("architecture", "dense", "conv", "architectures")
    leads = [against_each_other(evidence, dataset, *sides).lead for dataset in evidence.datasets]
    assert leads == [
        "Dense against conv on digits: conv reconstructs closer.",
        "Dense against conv on MNIST: dense reconstructs closer.",
    ]
