"""A table of more than a hundred rows in a browser, which takes long to lay out all of them."""

import pytest

from .conftest import NBSP, ok, trial

expect = pytest.importorskip("playwright.sync_api", reason="needs the package playwright").expect

COUNT = 120
TABLE = "#table-configurations"
ROWS = f"{TABLE} tbody tr:visible"


@pytest.fixture
def address(make_run, written):
    """Of a page with a row for each of 120 configurations, the first of which is the worst."""
    folder = make_run([ok(trial(learning_rate=1 + i), test_mse=0.02 - i * 1e-4) for i in range(COUNT)])
    written(folder)
    return (folder.path / "index.html").as_uri()


def unfolded(page):
    """The same page with its table in sight."""
    page.locator("#trials > details").first.evaluate("fold => { fold.open = true; }")
    return page


def more(page):
    return page.locator("#trials .more button")


def test_a_hundred_rows_are_shown_until_all_are_asked_for(page, address):
    assert unfolded(page).locator(ROWS).count() == 100
    assert more(page).inner_text() == "Show all 120 rows"
    more(page).click()
    expect(page.locator(ROWS)).to_have_count(COUNT)
    assert more(page).inner_text() == "Show 100 rows"
    assert page.url == f"{address}#?table-configurations.all=1"
    more(page).click()
    expect(page.locator(ROWS)).to_have_count(100)
    assert page.url == address


def test_a_link_to_all_rows_shows_them(page, address):
    page.goto("about:blank")
    page.goto(f"{address}#trials?table-configurations.all=1")
    assert unfolded(page).locator(ROWS).count() == COUNT


def test_all_rows_are_sorted_and_filtered_and_copied(browser, address):
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(address)
    unfolded(page)
    heads = page.locator(f"{TABLE} thead th").all_text_contents()
    column = [head.strip() for head in heads].index("MSE")
    page.locator(f"{TABLE} thead th").nth(column).locator("button").click()
    assert (
        page.locator(f"{ROWS} th").first.inner_text().endswith(f"learning rate{NBSP}120")
    )  # the lowest, written last
    page.locator("#trials input[type=search]").fill("rate 11")  # 11, 110 to 119, and in other numbers
    found = page.locator(ROWS).all_inner_texts()
    assert 11 <= len(found) < COUNT and all("11" in row for row in found)
    assert sum(f"learning rate{NBSP}11" in row for row in found) == 11
    assert not more(page).is_visible()
    page.locator("#trials input[type=search]").fill("")
    page.locator("#trials .tools").get_by_text("Copy CSV").click()
    page.locator("#trials .tools").get_by_text("Copied").wait_for()
    assert len(page.evaluate("navigator.clipboard.readText()").splitlines()) == 1 + COUNT
    context.close()


def test_paper_and_a_browser_without_javascript_have_all_rows(browser, page, address):
    page.emulate_media(media="print")
    assert page.locator(ROWS).count() == COUNT
    context = browser.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto(address)
    assert unfolded(opened).locator(ROWS).count() == COUNT
    context.close()
