"""Tables of measures that belong together: every measure that was taken stands in one."""

import pytest

from bench import measures, report
from bench.keeping.store import RunFolder
from bench.measures import generation
from bench.report.evidence import gather
from bench.report.page import context
from bench.report.sections import classes

from .conftest import MakeRun, ok, tables, texts, trial


def test_likelihood_and_robustness_have_a_section_where_they_were_measured(make_run: MakeRun) -> None:
    results = [
        ok(trial(latent_dim=size, seed=seed), test_mse_noise_10=0.1 / size + 1e-4 * seed, ood_auroc_error=0.9)
        for size in (2, 8)
        for seed in range(2)
    ]
    folder = make_run(results)
    (table,) = tables(context.build(folder), "beyond")
    assert [column.label for column in table.columns][1:] == ["MSE, noise 0.1", "OOD by error"]
    assert [row[0] for row in texts(table)] == ["AE dense, latent 8", "AE dense, latent 2"]
    page = report.write(folder).read_text()
    assert 'id="beyond"' in page and "K = 100" in page
    assert "## Likelihood and robustness" in (folder.path / "README.md").read_text()


def test_without_them_there_is_no_such_section(finished_run) -> None:
    assert 'id="beyond"' not in (finished_run / "index.html").read_text()


def test_errors_of_classes_have_the_mean_of_all_images(finished_run, digits) -> None:
    evidence = gather(RunFolder(finished_run))
    found = classes.by_class(evidence, "digits")
    assert found is not None and sorted(found.names) == [str(digit) for digit in range(10)]
    one = evidence.configurations[0]
    errors = dict(zip(found.names, found.errors[found.ones.index(one)], strict=True))
    sizes = {str(label): int((digits.test.labels == label).sum()) for label in range(10)}
    mean = sum(n * errors[label] for label, n in sizes.items()) / sum(sizes.values())
    assert mean == pytest.approx(one.results[0].measures["test_mse"], rel=1e-6)


def test_every_measure_of_trials_stands_in_some_table() -> None:
    tables = (
        "leaderboard",
        "distances",
        "neighbourhoods",
        "latent",
        "scaling",
        "few_labels",
        "likelihood",
        "beyond",
    )
    shown = {name for table in tables for name in measures.of_table(table)}
    shown |= {"test_elbo", "test_mse_sampled"}  # with KL and active units
    shown |= {"test_mse_unclipped"}  # under the leaderboard
    shown |= {"latent_nmi_deviation", "latent_ari_deviation"}  # under NMI and ARI
    shown |= set(generation.SECOND)  # in how far they agree with the first, under the distances
    every = [one for card in measures.TASKS.values() for one in card.measures]
    taken = {one.name for one in every}
    arrays = {one.name for one in every if one.is_array}
    of_trials_alone = {name for name in taken if name.endswith("_sampled") or "accuracy_" in name}
    assert taken - arrays - of_trials_alone <= shown
