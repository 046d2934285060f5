"""What axe-core finds in the page: in both themes, wide and narrow, with everything unfolded."""

import itertools
import math
import re

import pytest

from bench.report.blocks.theme import look
from tests.conftest import REPOSITORY

pytest.importorskip("playwright.sync_api", reason="needs the package playwright")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python")


def violations(page):
    """Rule and first offender of each."""
    # Targets of 24 pixels are of WCAG 2.2 AA, and off unless asked for.
    found = axe.Axe().run(page, options={"rules": {"target-size": {"enabled": True}}}).response
    assert len(found["passes"]) > 40
    return [(one["impact"], one["id"], one["nodes"][0]["html"][:200]) for one in found["violations"]]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_axe_finds_nothing(browser, address, scheme, width):
    context = browser.new_context(
        bypass_csp=True, color_scheme=scheme, viewport={"width": width, "height": 900}
    )
    page = context.new_page()
    page.goto(address)
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    found = violations(page)
    context.close()
    assert found == []


def test_axe_would_find_it(browser, address):
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(address)
    page.evaluate("document.querySelector('main img').removeAttribute('alt')")
    found = violations(page)
    context.close()
    assert "image-alt" in [rule for _, rule, _ in found]


def test_the_page_is_short_at_first_sight(browser, address):
    """Fifteen screens of 800 pixels at most, and what looks small takes no more room than it has."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollHeight") < 15 * 800
    assert page.locator("#galleries .classes").first.bounding_box()["height"] < 60
    context.close()


def test_an_older_browser_opens_what_is_folded_while_it_prints(browser, address):
    """One that has no `::details-content`, by which the style sheet opens it."""
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script("CSS.supports = () => false")
    page.goto(address)
    folded = page.locator("#effects details:not(.menu)").first
    is_open = "each => each.open"
    assert not folded.evaluate(is_open)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert folded.evaluate(is_open)
    assert not page.locator("#leaderboard details.menu").first.evaluate(is_open)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert not folded.evaluate(is_open)
    context.close()


def test_paper_is_light_though_the_screen_is_dark(browser, address):
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(address)
    ink = "() => getComputedStyle(document.body).color"
    assert sum(map(int, re.findall(r"\d+", page.evaluate(ink)))) > 600
    page.emulate_media(media="print", color_scheme="dark")
    assert sum(map(int, re.findall(r"\d+", page.evaluate(ink)))) < 150
    context.close()


def test_heads_of_tables_are_no_boxes_on_paper(page):
    """Chromium repeats the head of a table on each of its pages, but not what a button in it says."""
    button = page.locator("#table-leaderboard thead button").first
    page.emulate_media(media="print")
    assert button.evaluate("each => getComputedStyle(each).display") == "contents"


def test_nothing_is_called_as_its_neighbours_are(page):
    """Of canvases each has a name; of explorers and sliders each its own."""
    page.locator("[data-explorer] canvas").first.wait_for()
    names = "all => all.map((one) => one.getAttribute('aria-label'))"
    assert all(page.locator("canvas").evaluate_all(names))
    for what in ("[role=application]", "input[type=range]"):
        found = page.locator(what).evaluate_all(names)
        assert len(set(found)) == len(found) > 1
    groups = page.locator(".tools[role=toolbar]").evaluate_all(
        "all => all.map((one) => one.ariaLabelledByElements)"
    )
    assert len(groups) > 5


def luminance(color: str) -> float:
    """Of sRGB, as WCAG 2 defines it."""
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("theme", [0, 1])
def test_marks_of_charts_stand_out_from_the_paper(theme):
    """3:1, as WCAG 2.1 AA asks of graphics; both themes of the style sheet."""
    style = (REPOSITORY / "templates" / "style.css").read_text()
    colors = [dict(re.findall(r"--([\w-]+): (#\w{6});", part)) for part in style.split("}")[:2]][theme]
    paper = luminance(colors["paper"])
    for name in (*(f"series-{i + 1}" for i in range(8)), *(f"class-{i + 1}" for i in range(10))):
        dark, light = sorted((luminance(colors[name]), paper))
        assert (light + 0.05) / (dark + 0.05) >= 3, name


@pytest.mark.parametrize("theme", [0, 1])
def test_the_colours_of_eight_models_are_told_apart(theme):
    """In CIE Lab by 15 or more, about six just noticeable differences; shape and dashes tell them, too."""
    style = (REPOSITORY / "templates" / "style.css").read_text()
    colors = [dict(re.findall(r"--(series-\d): (#\w{6});", part)) for part in style.split("}")[:2]][theme]
    assert len(colors) == 8
    places = {name: lab(color) for name, color in colors.items()}
    for one, other in itertools.combinations(places, 2):
        assert math.dist(places[one], places[other]) >= 15, (one, other)


def test_no_two_of_many_series_look_alike():
    assert len({(color, marker) for color, marker, _ in map(look, range(56))}) == 56
    assert len({(color, str(dashes)) for color, _, dashes in map(look, range(56))}) == 56


def lab(color: str) -> tuple[float, float, float]:
    """CIE Lab of an sRGB colour, white D65."""
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    rows = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    white = (0.9505, 1.0, 1.089)
    scaled = [
        sum(a * b for a, b in zip(row, linear, strict=True)) / w for row, w in zip(rows, white, strict=True)
    ]
    x, y, z = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in scaled)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def test_print_opens_what_is_folded(page):
    folded = page.locator("#effects details table").first
    assert not folded.is_visible()
    page.emulate_media(media="print")
    assert folded.is_visible()
    assert not page.locator("nav.contents").is_visible()
    assert page.pdf()[:5] == b"%PDF-"
