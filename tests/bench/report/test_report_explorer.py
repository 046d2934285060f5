"""The latent explorer in a browser: by pointer, by keys, and on a phone."""

import numpy as np
import pytest

from bench.keeping.store import RunFolder
from bench.report.evidence import gather
from bench.report.sections import chart_space, explored, latent_spaces
from bench.report.sections.chart_space import Plane
from bench.tasks import exploring
from tests.bench.report.conftest import ok, trial

pytest.importorskip("playwright.sync_api", reason="needs the package playwright")

PIXELS = (
    "one => one.getContext('2d').getImageData(0, 0, one.width, one.height).data.reduce((a, b) => a + b, 0)"
)
LOOKS = (
    "all => all.map((one) => "
    "[one.dataset.class, one.getAttribute('d').slice(-6), getComputedStyle(one).fill])"
)


@pytest.fixture
def explorer(page):
    """That of the first two-dimensional model."""
    found = page.locator("[data-explorer]").first
    found.scroll_into_view_if_needed()
    found.locator(".panel output", has_text="Code").wait_for()
    return found


def code(explorer):
    """The two numbers that it shows."""
    text = explorer.locator(".panel output").inner_text().replace("\N{MINUS SIGN}", "-")
    return tuple(float(part) for part in text.removeprefix("Code (").split(")")[0].split(","))


def decoded(explorer):
    """What is drawn, as the sum of its pixels."""
    return explorer.get_by_label("Decoded", exact=True).evaluate(PIXELS)


def crosses(explorer):
    """Where the crosshair is in each view, in percent of its width and height."""
    return explorer.locator(".field").evaluate_all(
        "all => all.map((one) => ['--x', '--y'].map((name) => parseFloat(one.style.getPropertyValue(name))))"
    )


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
    said = explorer.locator(".panel output").inner_text()  # what a screen reader is told
    assert said.endswith(nearest.inner_text().removeprefix("Nearest"))


def test_both_views_have_the_same_axes_marks_and_crosshair(page, explorer):
    first, second = explorer.locator(".plot").all()
    looks = [view.locator("path[data-class]").evaluate_all(LOOKS) for view in (first, second)]
    assert looks[0] == looks[1]
    assert len({end for _, end, _ in looks[0]}) == len(chart_space.SHAPES)
    axes = [view.locator(".axes").all_text_contents() for view in (first, second)]
    assert axes[0] == axes[1]
    places = [view.locator(".field").bounding_box() for view in (first, second)]
    assert places[0]["width"] == pytest.approx(places[1]["width"], abs=0.5)
    for place, view in zip(places, (first, second), strict=True):
        page.mouse.move(place["x"] + 0.25 * place["width"], place["y"] + 0.75 * place["height"])
        first_cross, second_cross = crosses(explorer)
        assert first_cross == second_cross
        assert first_cross == pytest.approx([25, 75], abs=0.5)
        assert view.locator(".field").evaluate("one => getComputedStyle(one, '::before').content") != "none"


def test_a_class_is_isolated_by_key_in_both_views(page, explorer):
    button = explorer.locator(".legend button").nth(3)
    assert explorer.locator(".legend [tabindex='0']").count() == 1
    explorer.locator(".legend button").first.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert button.get_attribute("aria-pressed") == "true"
    assert explorer.locator("path.off").count() == 18  # nine others in each view
    assert explorer.locator("figcaption", has_text="Nearest test image: 3").is_visible()
    page.keyboard.press("Enter")
    assert button.get_attribute("aria-pressed") == "false"
    assert explorer.locator("path.off").count() == 0


def test_the_image_its_reconstruction_and_the_nearest_are_drawn(explorer):
    for name in ("Nearest test image", "Its reconstruction"):
        assert explorer.get_by_label(name, exact=True).evaluate(PIXELS) > 0
    near = explorer.locator(".near canvas")
    assert near.evaluate(PIXELS) > 0
    assert len(near.get_attribute("aria-label").split(": ")[1].split(", ")) == 5


@pytest.fixture
def larger(page):
    """The explorer of the first model whose code is longer than two numbers."""
    page.locator("#latent fieldset label", has_text="latent 4").first.click()
    found = page.locator("#latent [data-explorer]:visible").first
    found.locator(".panel output", has_text="Components").wait_for()
    return found


def test_a_longer_code_is_laid_out_in_several_ways(larger):
    paths = "all => all.map((one) => one.getAttribute('d'))"
    choice = larger.get_by_role("combobox")
    before = larger.locator("path[data-class]").evaluate_all(paths)
    seen = [before]
    for name in ("Components 3 and 4", "t-SNE"):
        choice.select_option(name)
        assert larger.locator(".panel output").inner_text().startswith(name)
        assert not larger.locator(".axes").is_visible()
        seen.append(larger.locator("path[data-class]").evaluate_all(paths))
        assert seen[-1] not in seen[:-1] and all(seen[-1])
    choice.select_option("Components 1 and 2")
    assert larger.locator("path[data-class]").evaluate_all(paths) == before
    assert larger.locator(".axes").is_visible()


def test_the_section_takes_a_screen(page, explorer):
    assert page.locator("#latent").bounding_box()["height"] < 1100


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


def dots(explorer):
    """How many marks there are over what is decoded."""
    paths = explorer.locator("svg.dots path").evaluate_all("all => all.map((one) => one.getAttribute('d'))")
    return "".join(paths).count("M")


def test_points_of_test_images_can_be_taken_away(explorer):
    assert dots(explorer) > 200
    explorer.get_by_role("checkbox").uncheck()
    assert not explorer.locator("svg.dots").is_visible()


def test_on_a_phone_it_shows_the_same_points_and_follows_a_finger(browser, address, explorer):
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
    page = context.new_page()
    page.goto(address)
    found = page.locator("[data-explorer]").first
    found.locator(".panel output", has_text="Code").wait_for()
    assert dots(found) == dots(explorer)
    before = code(found)
    box = found.locator(".stage").bounding_box()
    page.locator(".stage").first.tap(position={"x": 0.1 * box["width"], "y": 0.1 * box["height"]})
    assert code(found) != before
    context.close()


def test_a_slider_of_each_unit_blends_what_lies_between_two_steps(larger):
    sliders = larger.locator(".planes .steps input")
    assert sliders.count() == 4  # the units of a code of four numbers
    drawn = larger.locator(".planes .steps canvas")
    sums = []
    for value in ("2", "3", "2.5"):
        sliders.first.fill(value)
        sums.append(drawn.evaluate(PIXELS))
    assert sums[0] != sums[1]
    assert sums[2] == pytest.approx((sums[0] + sums[1]) / 2, rel=0.01)
    sliders.nth(1).fill("0")
    assert sliders.first.input_value() == "4"  # one unit at a time


def test_a_line_leads_from_one_image_to_another(larger):
    larger.locator("summary", has_text="From one test image to another: 0 to 1").click()
    line = larger.locator("details .steps")
    ends = []
    for value in ("0", "8"):
        line.locator("input").first.fill(value)
        ends.append(line.locator("canvas").evaluate(PIXELS))
    assert ends[0] != ends[1]


def test_maps_and_traversals_are_there_without_javascript(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    for what in ("[data-explorer] img", "[data-cell] img"):
        assert page.locator(what).first.evaluate("one => one.naturalWidth") > 100
    context.close()


def test_codes_that_are_not_finite_have_no_place(make_run):
    (one,) = gather(make_run([ok(trial(latent_dim=2))])).configurations
    plane = Plane(extent=(0, 4, 0, 4), axes=("code 1", "code 2"))
    points = np.array([[0, 1], [np.nan, 0], [np.inf, 2], [3, 4], [5, 1]], np.float32)
    (layout,) = explored.layouts(one, {"points": points}, plane)
    assert layout["places"] == [0, 750, None, None, None, None, 750, 0, None, None]


def test_what_an_explorer_needs_is_kept_of_trials_that_a_report_shows(finished_run):
    folder = RunFolder(finished_run)
    evidence = gather(folder)
    explored = {one.unit.key for one in evidence.configurations}  # the first seed of each
    assert explored >= {one.unit.key for one in latent_spaces.chosen(evidence)}
    for unit in folder.units():
        arrays = folder.images(unit)
        assert ("point_reconstructions" in arrays) == (unit.key in explored)
        assert ("layout" in arrays) == (unit.key in explored and unit.settings()["latent_dim"] > 2)
        if "layout" in arrays:
            assert len(arrays["layout"]) == len(arrays["components"]) <= 500
            assert np.isfinite(arrays["layout"]).all()


def test_a_layout_is_seeded_and_none_is_made_of_codes_that_are_all_alike():
    codes = np.random.default_rng(0).standard_normal((120, 4)).astype(np.float32)
    first, second = exploring.layout(codes), exploring.layout(codes)
    assert (first["layout"] == second["layout"]).all()
    assert exploring.layout(np.ones_like(codes)) == {}
