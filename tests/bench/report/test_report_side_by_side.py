"""Any two configurations held against each other in the page."""

import json

import numpy as np
import pytest
from scipy import stats

from bench import statistics
from bench.keeping.store import RunFolder
from bench.report.evidence import gather
from bench.report.sections import side_by_side

pytest.importorskip("playwright.sync_api", reason="needs the package playwright")


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{MINUS SIGN}", "-")


@pytest.mark.parametrize("freedom", [1, 1.3, 2, 3.7, 11, 250])
def test_students_quantile_between_two_entries_is_near_enough(freedom: float) -> None:
    table = side_by_side.student()
    found = np.interp(1 / freedom, np.linspace(0, 1, len(table)), table)
    assert found == pytest.approx(stats.t.ppf(0.975, freedom), rel=2e-3)


def test_numbers_and_intervals_are_those_of_the_report(page, finished_run) -> None:
    evidence = gather(RunFolder(finished_run))
    first, second = evidence.configurations[1], evidence.configurations[6]
    page.locator("#compare-first").select_option(label=plain(first.name))
    page.locator("#compare-second").select_option(label=plain(second.name))
    cells = page.locator("#table-compare tbody tr", has=page.get_by_text("MSE", exact=True)).locator("td")
    before, after, change, verdict = map(plain, cells.all_inner_texts())
    expected = statistics.difference(second.values("test_mse"), first.values("test_mse"))
    assert before == f"{first.mean('test_mse'):.5f}"
    assert after == f"{second.mean('test_mse'):.5f}"
    shown, margin = (float(part) for part in change.split(" ± "))
    assert shown == pytest.approx(expected.mean, abs=1e-5)
    assert margin == pytest.approx(expected.half_width, rel=5e-3, abs=1e-5)
    is_told = abs(expected.mean) > expected.half_width
    assert (verdict == "not told apart") == (not is_told)


def kinds_of_pictures(page) -> list[list[str]]:
    sides = page.locator("#compare-pictures > div")
    assert sides.count() == 2
    kind = """images => images.map((image) => {
      const size = image.viewBox?.baseVal;
      const of = (name) => size?.[name] ?? image.getAttribute(name);
      return `${image.dataset.kind} ${of("width")} ${of("height")}`;
    })"""
    return [pictures(sides.nth(i)).evaluate_all(kind) for i in (0, 1)]


def pictures(side):
    """Those of a trial: an image, or the name of one that stands elsewhere in the page."""
    return side.locator(".pixels:not([data-kind=originals])")


def test_pictures_of_both_stand_side_by_side_and_are_of_the_same_kinds(page, finished_run) -> None:
    first, second = kinds_of_pictures(page)
    assert [kind.split()[0] for kind in first] == [
        *("reconstructions", "samples", "mixture-samples", "interpolations")
    ]
    assert first == second
    pca = next(one for one in gather(RunFolder(finished_run)).baselines if one.settings["model"] == "pca")
    page.locator("#compare-first").select_option(label=plain(pca.name))
    first, second = kinds_of_pictures(page)
    assert [kind.split()[0] for kind in first] == ["reconstructions", "mixture-samples", "interpolations"]
    assert first == second


def test_what_has_no_pictures_is_said_to_have_none(page, finished_run) -> None:
    baselines = gather(RunFolder(finished_run)).baselines
    pixels = next(one for one in baselines if one.settings["model"] == "pixels")
    page.locator("#compare-first").select_option(label=plain(pixels.name))
    assert kinds_of_pictures(page) == [[], []]
    assert "no pictures of one kind of both" in page.locator("#compare-pictures").inner_text()


def test_two_trials_of_a_configuration_stand_side_by_side_with_their_pictures(page, finished_run) -> None:
    evidence = gather(RunFolder(finished_run))
    one = evidence.configurations[2]
    for which, result in zip(("first", "second"), one.results, strict=True):
        page.locator(f"#compare-{which}").select_option(label=f"{plain(one.name)}, seed {result.unit.seed}")
    row = page.locator("#table-compare tbody tr", has=page.get_by_text("MSE", exact=True))
    before, after, change, verdict = map(plain, row.locator("td").all_inner_texts())
    values = one.values("test_mse")
    assert (before, after) == tuple(f"{value:.5f}" for value in values)
    assert float(change) == pytest.approx(values[1] - values[0], abs=1e-5)
    assert verdict == "cannot tell: one seed, or no spread"
    sources = [
        pictures(page.locator("#compare-pictures > div").nth(i)).first.evaluate("one => one.outerHTML")
        for i in (0, 1)
    ]
    assert all('data-kind="reconstructions"' in source for source in sources) and sources[0] != sources[1]


def test_a_baseline_is_exact_and_so_is_told_apart_with_two_seeds_on_the_other_side(
    page, finished_run
) -> None:
    evidence = gather(RunFolder(finished_run))
    mean = next(one for one in evidence.baselines if one.settings["model"] == "mean")
    page.locator("#compare-first").select_option(label=plain(mean.name))
    page.locator("#compare-second").select_option(label=plain(evidence.configurations[2].name))
    row = page.locator("#table-compare tbody tr", has=page.get_by_text("MSE", exact=True))
    verdict = plain(row.locator("td").all_inner_texts()[3])
    values = evidence.configurations[2].values("test_mse")
    margin = stats.t.ppf(0.975, 1) * np.std(values, ddof=1) / 2**0.5
    change = sum(values) / 2 - (mean.mean("test_mse") or 0)
    told = "▲ better" if change < 0 else "▼ worse"
    assert verdict == (told if abs(change) > margin else "not told apart")


def test_a_link_to_two_trials_shows_them(page, address, finished_run) -> None:
    one = gather(RunFolder(finished_run)).configurations[2].results[1].unit
    page.goto("about:blank")  # else it is a step within the page that is there
    page.goto(f"{address}#compare?compare.0={one.key}.&compare.1=of-another-run")
    heads = page.locator("#compare-pictures h3").all_inner_texts()
    assert heads[0].endswith("seed 1") and "seed" not in heads[1]
    assert page.locator("#table-compare thead th").all_inner_texts()[1:3] == heads


def test_the_choice_can_be_linked_to(browser, page, address) -> None:
    page.locator("#compare-second").select_option(index=3)
    seen = page.locator("#table-compare").inner_text()
    context = browser.new_context()
    other = context.new_page()
    other.goto(page.url)
    assert other.locator("#table-compare").inner_text() == seen
    context.close()


def test_a_name_cannot_end_the_script(make_run) -> None:
    from .conftest import ok, trial

    name = "</script><script>alert(1)</script>.npz"
    folder = make_run([ok(trial(dataset=name)), ok(trial(dataset=name, latent_dim=2))])
    data = side_by_side.side_by_side(gather(folder)).data
    assert "</script" not in data
    assert json.loads(data)["configurations"][0]["dataset"] == name
