"""Words that are explained where they stand, links to every part, and charts as files."""

import xml.etree.ElementTree as ElementTree

import pytest

from bench.report.blocks import glossary
from bench.report.page import bare

from .conftest import UNFOLD
from .test_report_for_everybody import violations

sync_api = pytest.importorskip("playwright.sync_api", reason="needs the package playwright")
HEAD = "#table-leaderboard thead .term"


def test_every_term_is_one_short_sentence_and_leads_from_where_it_stands_first():
    for one in glossary.TERMS:
        assert one.text.endswith(".") and len(one.text.split()) <= 25, one.id
    with glossary.once():
        first, second = (glossary.linked("told apart after Holm <b>") for _ in range(2))
    assert str(first).count('class="term"') == 2 and 'href="#term-holm"' in first
    assert "<a" not in second and "&lt;b&gt;" in second


def test_a_measure_is_explained_under_the_pointer_until_it_leaves_or_escape(page):
    page.locator(HEAD).first.hover()
    tip = page.locator(".tip")
    sync_api.expect(tip).to_be_visible()
    assert tip.inner_text().startswith("Squared difference between a test image and its reconstruction")
    assert tip.get_by_role("link").get_attribute("href") == "#def-test_mse"
    page.keyboard.press("Escape")
    assert tip.count() == 0
    page.locator(HEAD).nth(2).hover()
    sync_api.expect(tip).to_be_visible()
    page.locator("h1").hover(force=True)
    sync_api.expect(tip).to_have_count(0)


def test_a_word_is_explained_by_key_and_its_definition_is_the_next_stop(page):
    term = page.locator("main p .term:visible").first
    term.evaluate("each => each.focus({ focusVisible: true })")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    tip = page.locator(".tip")
    sync_api.expect(tip).to_be_visible()
    # A key may scroll to what it reaches, and that is told later: the explanation goes along with its word.
    scrolled = "() => new Promise(end => { addEventListener('scroll', () => setTimeout(end), { once: true });"
    page.evaluate(f"{scrolled} scrollBy(0, 20); }})")
    assert tip.is_visible()
    assert abs(tip.bounding_box()["y"] - term.bounding_box()["y"]) < 200
    assert term.get_attribute("aria-describedby") == "tip"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Definition"
    page.keyboard.press("Enter")
    sync_api.expect(page.locator("#term-interval")).to_be_in_viewport()


def test_a_tap_explains_and_a_second_one_leads(browser, address):
    context = browser.new_context(has_touch=True, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(address)
    term = page.locator("main p .term:visible").first
    meaning = term.get_attribute("href")
    term.tap()
    sync_api.expect(page.locator(".tip")).to_be_visible()
    assert page.url == address
    box = page.locator(".tip").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 360
    term.tap()
    sync_api.expect(page).to_have_url(f"{address}{meaning}")
    context.close()


def test_without_javascript_a_word_leads_to_its_definition(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    page.locator("#leaderboard details > summary").last.click()
    page.locator("#table-leaderboard thead a").first.click()
    sync_api.expect(page.locator("#def-test_mse")).to_be_in_viewport()
    assert "test_mse" in page.locator("#def-test_mse").inner_text()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_explanation_and_open_menus_are_for_everybody(browser, address, scheme):
    context = browser.new_context(bypass_csp=True, color_scheme=scheme)
    page = context.new_page()
    page.goto(address)
    page.evaluate(UNFOLD)
    page.locator("#leaderboard summary", has_text="Columns").click()
    page.locator("#table-leaderboard .tick").nth(3).check()
    page.locator(HEAD).nth(1).hover()
    page.locator(".tip").wait_for()
    found = violations(page)
    context.close()
    assert found == []


def test_every_heading_table_and_chart_has_a_link_to_itself(page):
    links = page.locator("main .here")
    targets = links.evaluate_all("all => all.map((one) => one.hash.slice(1))")
    assert len(targets) > 40 and len(set(targets)) == len(targets)
    assert page.evaluate("ids => ids.every((id) => document.getElementById(id))", targets)
    assert {"leaderboard", "table-leaderboard", "definitions"} <= set(targets)
    assert page.locator(".chart[id]:not(:has(.of-chart))").count() == 0
    heading = page.locator("#data")
    heading.hover()
    heading.get_by_role("link").click()
    sync_api.expect(page).to_have_url(page.url.split("#")[0] + "#data")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_charts_are_taken_out_as_files_in_light_colours(browser, address, scheme, tmp_path):
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    page.goto(address)
    chart = page.locator(".chart[id]:visible").first
    for form in ("SVG", "PNG"):
        with page.expect_download() as started:
            chart.get_by_role("button", name=form).click()
        started.value.save_as(tmp_path / form)
        assert started.value.suggested_filename == f"{chart.get_attribute('id')}.{form.lower()}"
    context.close()
    text = (tmp_path / "SVG").read_text()
    assert "var(" not in text and "#1c2126" in text
    root = ElementTree.fromstring(text)
    assert root.tag == "{http://www.w3.org/2000/svg}svg" and float(root.get("width")) > 100
    image = pytest.importorskip("PIL.Image").open(tmp_path / "PNG")
    assert image.width == pytest.approx(3 * float(root.get("width")), abs=3)
    assert len(image.convert("L").getcolors()) > 10  # something is drawn


def test_a_script_without_notes_keeps_its_strings_templates_and_expressions():
    lines = (
        "// a note",
        "const a = ['b , // c'];",
        "",
        "  if (a) {",
        "    b = `${ a }`.replace(/\\/ = b/g, ' ; ');",
    )
    left = bare.script("\n".join((*lines, "  }", "")))
    kept = ("const a = ['b , // c'];", " if (a) {", "  b = `${ a }`.replace(/\\/ = b/g, ' ; ');", " }", "")
    assert left == "\n".join(kept)


def test_a_style_without_notes_keeps_its_blanks():
    source = "/* of a\n   list */\na :is(b, c) {\n  color: red; /* no */\n}\n"
    assert bare.style(source) == "a :is(b, c) {\n color: red; /* no */\n}\n"
