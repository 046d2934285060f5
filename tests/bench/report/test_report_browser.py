"""The page in a real browser."""

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="needs the package playwright")

SORT_TABLE = "#table-leaderboard"
ROWS = "tbody tr:not(#table-compare tr)"  # of all tables but that of two configurations, which a reader fills


def column(page: "playwright.Page", number: int) -> list[str]:
    cells = page.locator(f"{SORT_TABLE} tbody tr > :nth-child({number})").all_inner_texts()
    return [cell.split("\n")[0].replace("★", "").strip() for cell in cells]


def numbers(cells: list[str]) -> list[float]:
    return [
        float(cell.replace("\N{MINUS SIGN}", "-").split("\N{NO-BREAK SPACE}")[0].split()[0])
        for cell in cells
        if cell != "\N{EN DASH}"
    ]


def test_nothing_is_requested_and_nothing_complains(browser: "playwright.Browser", address: str) -> None:
    context = browser.new_context()
    opened = context.new_page()
    requests: list[str] = []
    complaints: list[str] = []
    opened.on("request", lambda request: requests.append(request.url))
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.goto(address)
    opened.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    context.close()
    assert [url for url in requests if url != address and not url.startswith("data:")] == []
    assert complaints == []


def test_click_on_a_head_sorts_and_says_so(page: "playwright.Page") -> None:
    head = page.locator(f"{SORT_TABLE} thead th").nth(1)
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    ascending = column(page, 2)
    assert numbers(ascending) == sorted(numbers(ascending))
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    descending = column(page, 2)
    assert numbers(descending) == sorted(numbers(descending), reverse=True)
    assert descending[-1] == "\N{EN DASH}"  # raw pixels have no error: last either way


def test_keyboard_sorts_another_column(page: "playwright.Page") -> None:
    heads = page.locator(f"{SORT_TABLE} thead th")
    heads.nth(1).locator("button").click()
    heads.nth(2).locator("button").focus()
    page.keyboard.press("Enter")
    assert heads.nth(2).get_attribute("aria-sort") == "ascending"
    assert heads.nth(1).get_attribute("aria-sort") is None
    assert numbers(column(page, 3)) == sorted(numbers(column(page, 3)))


def test_names_sort_as_a_person_counts(page: "playwright.Page") -> None:
    page.locator(f"{SORT_TABLE} thead th").first.locator("button").click()
    names = column(page, 1)
    assert names.index("AE conv, latent\N{NO-BREAK SPACE}2") < names.index(
        "AE conv, latent\N{NO-BREAK SPACE}4"
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_does_not_scroll_sideways_on_a_phone(
    browser: "playwright.Browser", address: str, scheme: str
) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, color_scheme=scheme)
    opened = context.new_page()
    opened.goto(address)
    for summary in opened.locator("summary").all():
        if summary.is_visible():  # not in a tab that is not chosen
            summary.click()
    name = "VAE conv, latent 16, learning rate 0.0003, gelu, absolute error"  # as long as names of grids are
    opened.locator("#compare-first option").first.evaluate("(option, name) => option.text = name", name)
    width = opened.evaluate("document.documentElement.scrollWidth")
    context.close()
    assert width <= 360


def test_light_and_dark_differ_in_paper_and_charts(browser: "playwright.Browser", address: str) -> None:
    colors = {}
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme)
        opened = context.new_page()
        opened.goto(address)
        colors[scheme] = opened.evaluate(
            "[getComputedStyle(document.body).backgroundColor,"
            " getComputedStyle(document.querySelector('.chart text')).fill]"
        )
        context.close()
    assert colors["light"][0] != colors["dark"][0]
    assert colors["light"][1] != colors["dark"][1]


def test_tables_are_complete_without_javascript(
    browser: "playwright.Browser", address: str, page: "playwright.Page"
) -> None:
    context = browser.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto(address)
    opened.locator("#leaderboard details summary").last.click()
    without = [row.inner_text() for row in opened.locator(ROWS).all()]
    buttons = opened.locator("thead button").count()
    context.close()
    assert without == [row.inner_text() for row in page.locator(ROWS).all()]
    assert len(without) > 20 and buttons == 0


def test_skip_link_comes_first_and_leads_to_the_findings(page: "playwright.Page") -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#findings"
