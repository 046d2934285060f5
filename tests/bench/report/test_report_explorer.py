"""The latent explorer in a browser: by pointer, by keys, and on a phone."""

import json

import numpy as np
import pytest

from bench.report.blocks import pictures
from bench.report.sections import latent_spaces

pytest.importorskip("playwright.sync_api", reason="needs the package playwright")

PIXELS = (
    "one => one.getContext('2d').getImageData(0, 0, one.width, one.height).data.reduce((a, b) => a + b, 0)"
)


@pytest.fixture
def explorer(page):
    """That of the first two-dimensional model."""
    found = page.locator("[data-explorer]").first
    found.scroll_into_view_if_needed()
    found.locator("output", has_text="Code").wait_for()
    return found


def code(explorer):
    """The two numbers that it shows."""
    text = explorer.locator("output").inner_text().replace("\N{MINUS SIGN}", "-")
    return tuple(float(part) for part in text.removeprefix("Code (").split(")")[0].split(","))


def decoded(explorer):
    """What is drawn, as the sum of its pixels."""
    return explorer.locator("canvas").first.evaluate(PIXELS)


def test_the_pointer_says_which_code_it_is_on_and_what_it_decodes_to(page, explorer):
    box = explorer.locator(".stage").bounding_box()
    seen = []
    for across, down in ((0.02, 0.02), (0.98, 0.98)):
        page.mouse.move(box["x"] + across * box["width"], box["y"] + down * box["height"])
        seen.append((*code(explorer), decoded(explorer)))
    (left, top, first), (right, bottom, last) = seen
    assert left < right
    assert top > bottom
    assert first != last
    nearest = explorer.locator("figcaption", has_text="Nearest test image: ")
    assert nearest.is_visible()
    said = explorer.locator("output").inner_text()  # what a screen reader is told
    assert said.endswith(nearest.inner_text().removeprefix("Nearest"))
    shapes = explorer.locator("svg.over path").evaluate_all("all => all.map((one) => one.getAttribute('d'))")
    assert len({shape.split(" ", 1)[1] for shape in shapes}) == 3


def test_arrow_keys_move_by_one_cell_and_stop_at_the_edge(page, explorer):
    stage = explorer.locator(".stage")
    stage.focus()
    x, y = code(explorer)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    assert code(explorer)[0] > x
    assert code(explorer)[1] > y
    for _ in range(30):
        page.keyboard.press("ArrowLeft")
    edge = code(explorer)
    page.keyboard.press("ArrowLeft")
    assert code(explorer) == edge


def test_points_of_test_images_can_be_taken_away(explorer):
    points = explorer.locator("svg.over path")
    assert points.count() > 200
    explorer.get_by_role("checkbox").uncheck()
    assert not points.first.is_visible()


def test_on_a_phone_it_shows_the_same_points_and_follows_a_finger(browser, address, explorer):
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
    page = context.new_page()
    page.goto(address)
    found = page.locator("[data-explorer]").first
    found.locator("output", has_text="Code").wait_for()
    assert found.locator("svg.over path").count() == explorer.locator("svg.over path").count()
    before = code(found)
    box = found.locator(".stage").bounding_box()
    page.locator(".stage").first.tap(position={"x": 0.1 * box["width"], "y": 0.1 * box["height"]})
    assert code(found) != before
    context.close()


def test_a_slider_shows_one_step_of_all_units(page):
    traversals = page.locator("[data-cell]").first
    slider = traversals.get_by_label("Step, from low to high")
    slider.scroll_into_view_if_needed()
    assert traversals.locator("canvas").count() == 4  # the units of a code of four numbers
    slider.fill("0")
    low = traversals.locator("canvas").first.evaluate(PIXELS)
    slider.fill("8")
    assert traversals.locator("canvas").first.evaluate(PIXELS) != low


def test_maps_and_traversals_are_there_without_javascript(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    for what in ("[data-explorer] img", "[data-cell] img"):
        assert page.locator(what).first.evaluate("one => one.naturalWidth") > 100
    context.close()


def test_codes_that_are_not_finite_have_no_place():
    images = np.zeros((4, 2, 2, 1), np.uint8)
    arrays = {
        "points": np.array([[0, 1], [np.nan, 0], [np.inf, 2], [3, 4]], np.float32),
        "point_labels": np.array([5, 6, 7, 8]),
        "point_images": images,
        "map": np.zeros((3, 3, 2, 2, 1), np.uint8),
        "map_extent": np.array([0, 1, 0, 1], np.float32),
    }
    sheet = pictures.picture("originals", "", images, 2)
    found = json.loads(latent_spaces.explorer("AE", arrays, ["a"], sheet))
    assert found["points"] == [[0, 0, 1, 5], [3, 3, 4, 8]]
    arrays["map_extent"][0] = np.nan
    assert latent_spaces.explorer("AE", arrays, ["a"], sheet) == ""
