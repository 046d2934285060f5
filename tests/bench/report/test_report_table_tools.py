"""What tables do for a reader: heads stay, the best comes first, menus leave, two rows are compared."""

import pytest

sync_api = pytest.importorskip("playwright.sync_api", reason="needs the package playwright")

TABLE = "#table-leaderboard"
ROWS = f"{TABLE} tbody tr:visible"
TOP = "each => each.getBoundingClientRect().top"


def button(page, label):
    return page.locator("#leaderboard .tools").get_by_role("button", name=label, exact=True)


def menu(page, label):
    return page.locator("#leaderboard .menu", has_text=label)


def head(page, label):
    return page.locator(f"{TABLE} thead th").filter(has_text=label).first


def shown(page):
    return [each.strip() for each in page.locator(f"{TABLE} thead th:visible").all_inner_texts()]


def numbers(page, label):
    names = page.locator(f"{TABLE} thead th").evaluate_all("all => all.map((one) => one.dataset.name)")
    cells = page.locator(f"{TABLE} tbody tr > :nth-child({names.index(label) + 1})[data-order]")
    return [float(each) for each in cells.evaluate_all("all => all.map((one) => one.dataset.order)")]


@pytest.mark.parametrize("width", [1280, 360])
def test_heads_and_names_stay_while_a_long_table_is_scrolled(page, width):
    page.set_viewport_size({"width": width, "height": 500})
    scroller = page.locator(f".scroll:has({TABLE})")
    scroller.scroll_into_view_if_needed()
    scroller.evaluate("each => each.scrollTo(200, 300)")
    assert scroller.evaluate("each => each.scrollTop") == 300
    top = scroller.evaluate(TOP)
    for label in ("Configuration", "MSE"):
        assert head(page, label).evaluate(TOP) == pytest.approx(top, abs=1)
    left = "each => each.getBoundingClientRect().left"
    assert page.locator(f"{TABLE} tbody th").nth(8).evaluate(left) == scroller.evaluate(left)


def test_the_first_click_brings_the_best_first_and_the_second_the_worst(page):
    for label, best in (("SSIM", max), ("MSE", min)):
        head(page, label).get_by_role("button").click()
        assert numbers(page, label)[0] == best(numbers(page, label))
        head(page, label).get_by_role("button").click()
        assert numbers(page, label)[-1] == best(numbers(page, label))


def test_menus_close_and_lie_over_nothing(page):
    by, columns = menu(page, "By setting"), menu(page, "Columns")
    is_open = "each => each.open"
    by.locator("summary").click()
    columns.locator("summary").click()
    assert columns.evaluate(is_open) and not by.evaluate(is_open)
    page.keyboard.press("Escape")
    assert not columns.evaluate(is_open)
    columns.locator("summary").click()
    head(page, "PSNR").get_by_role("button").click(timeout=2000)  # which an open menu once lay over
    assert head(page, "PSNR").get_attribute("aria-sort") == "descending"
    assert not columns.evaluate(is_open)


def test_what_was_chosen_is_taken_back_at_once(page, address):
    before = page.locator(TABLE).inner_text()
    assert not button(page, "Reset").is_visible()
    head(page, "SSIM").get_by_role("button").click()
    page.locator("#leaderboard input[type=search]").fill("conv")
    button(page, "Codes").click()
    assert page.locator(TABLE).inner_text() != before
    button(page, "Reset").click()
    assert page.locator(TABLE).inner_text() == before
    assert page.url == address
    assert not button(page, "Reset").is_visible()


def test_columns_are_chosen_by_what_a_reader_looks_for(page):
    everything = shown(page)
    for kind, has, lacks in (
        ("Reconstruction", "MSE", "FD, mixture"),
        ("Codes", "Linear accuracy, %", "MSE"),
        ("Generation", "FD, mixture", "Parameters"),
        ("Cost", "Parameters", "Linear accuracy, %"),
    ):
        button(page, kind).click()
        assert button(page, kind).get_attribute("aria-pressed") == "true"
        assert has in shown(page) and lacks not in shown(page) and "Seeds" in shown(page)
    button(page, "Cost").click()
    assert shown(page) == everything


def test_two_rows_that_are_ticked_are_compared(page):
    boxes = page.locator(f"{TABLE} .tick")
    names = [boxes.nth(i).get_attribute("aria-label").removeprefix("Compare ") for i in (4, 6, 8)]
    for i in (4, 6, 8):  # of three the last two
        boxes.nth(i).check()
    assert not boxes.nth(4).is_checked()
    page.locator("#leaderboard .lead").click()
    heads = page.locator("#table-compare thead th").all_inner_texts()[1:3]
    assert [text.replace("\N{NO-BREAK SPACE}", " ") for text in heads] == [
        name.replace("\N{NO-BREAK SPACE}", " ").removesuffix(" (baseline)") for name in names[1:]
    ]
    sync_api.expect(page.locator("#compare-first")).to_be_in_viewport()


def test_differences_stand_in_the_order_of_what_they_are_to_their_intervals(page):
    widths = page.locator("#table-compare tbody tr").evaluate_all(
        "rows => rows.map((row) => parseFloat(row.querySelector('.bar')?.style.width ?? 0))"
    )
    assert widths[0] > 0 and widths == sorted(widths, reverse=True)


def test_words_narrow_both_lists_and_leave_what_is_chosen(page):
    options = page.locator("#compare-first option")
    before = options.count()
    chosen = page.locator("#compare-first").input_value()
    page.locator("#compare-find").fill("vae conv seed")
    texts = options.all_text_contents()
    assert 1 < len(texts) < before
    assert all("VAE conv" in text and "seed" in text for text in texts[1:])
    assert page.locator("#compare-first").input_value() == chosen
    groups = page.locator("#compare-second optgroup").evaluate_all("all => all.map((one) => one.label)")
    assert {"AE dense", "VAE conv", "Baselines", "Single trials"} <= set(groups)


def test_a_long_table_is_two_stops_and_arrows_go_about_in_it(page):
    count = "all => all.filter((one) => one.tabIndex === 0 && one.checkVisibility()).length"
    everything = "a, button, input, select, summary, [tabindex]"
    for part in (f".tools:has(+ .scroll {TABLE})", f".scroll:has({TABLE})"):
        assert page.locator(part).first.locator(everything).evaluate_all(count) == 1, part
    page.locator("#leaderboard input[type=search]").focus()
    page.keyboard.press("ArrowRight")
    focused = "document.activeElement.textContent"
    assert page.evaluate(focused) == "By setting"
    page.keyboard.press("Tab")
    assert page.evaluate(focused) == "Configuration"
    page.keyboard.press("ArrowRight")
    assert page.evaluate(focused) == "Rank"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    first = page.locator(f"{TABLE} tbody tr").nth(1)
    assert first.evaluate("row => row.contains(document.activeElement)")


def test_without_javascript_a_link_leads_past_a_long_table(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    page.locator("details:has(#table-definitions) > summary").first.click()
    over = page.locator("#protocol .over").first
    target = over.get_attribute("href").removeprefix("#")
    over.focus()
    assert over.is_visible()
    place = page.locator(f"#{target}").evaluate(
        "each => each.compareDocumentPosition(document.querySelector('#table-definitions'))"
    )
    assert target == "table-definitions-end" and place == 2  # the table precedes
    context.close()
