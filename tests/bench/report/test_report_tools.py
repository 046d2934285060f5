"""Tables in a browser: filtered, narrowed, copied, and linked to as they are."""

import csv
import io
import time

import pytest

from bench.report import words

from .conftest import UNFOLD

sync_api = pytest.importorskip("playwright.sync_api", reason="needs the package playwright")

TABLE = "table-leaderboard"
ROWS = f"#{TABLE} tbody tr:visible"


def tools(page, label):
    """Something in the bar over the leaderboard."""
    return page.locator("#leaderboard .tools").get_by_text(label, exact=True)


def names(page):
    return page.locator(f"{ROWS} th").all_inner_texts()


def test_words_filter_rows_and_all_must_occur(page):
    everything = page.locator(ROWS).count()
    page.locator("#leaderboard input[type=search]").fill("vae conv")
    assert len(names(page)) == 2
    assert all("VAE conv" in name for name in names(page))
    assert tools(page, f"2 of {everything} rows").is_visible()
    page.locator("#leaderboard input[type=search]").fill("")
    assert page.locator(ROWS).count() == everything


def test_a_letter_changes_the_address_once(page):
    page.evaluate("""() => {
      const before = history.replaceState.bind(history);
      window.changes = 0;
      history.replaceState = (...about) => { window.changes += 1; before(...about); };
    }""")
    page.locator("#leaderboard input[type=search]").press_sequentially("conv")
    assert page.evaluate("window.changes") == 4


def test_settings_filter_rows_by_any_axis(page):
    tools(page, "By setting").click()
    page.locator("#leaderboard").get_by_label("model", exact=True).select_option("AE")
    page.locator("#leaderboard").get_by_label("latent size", exact=True).select_option("4")
    assert [name.replace("\N{NO-BREAK SPACE}", " ") for name in sorted(names(page))] == [
        "AE conv, latent 4",
        "AE dense, latent 4",
    ]


def test_columns_can_be_hidden(page):
    heads = page.locator(f"#{TABLE} thead th:visible")
    before = heads.all_inner_texts()
    tools(page, "Columns").click()
    page.locator("#leaderboard .menu").get_by_label("MSE", exact=True).uncheck()
    assert heads.all_inner_texts() == [text for text in before if text != "MSE"]
    assert len(page.locator(ROWS).first.locator(":scope > :visible").all()) == len(before) - 1


def test_a_view_can_be_linked_to(browser, page, address):
    page.locator(f"#{TABLE} thead th").nth(2).locator("button").click()
    page.locator("#leaderboard input[type=search]").fill("conv")
    tools(page, "Columns").click()
    page.locator("#leaderboard .menu").get_by_label("SSIM", exact=True).uncheck()
    link, seen = page.url, page.locator(f"#{TABLE}").inner_text()
    assert link.startswith(address + "#")
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    other = context.new_page()
    other.goto(link)
    assert other.locator(f"#{TABLE}").inner_text() == seen
    assert other.locator("#leaderboard input[type=search]").input_value() == "conv"
    context.close()


def test_a_link_to_a_section_still_leads_there(browser, address):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(f"{address}#leaderboard?{TABLE}.sort=Group+down")
    deadline = time.monotonic() + 10
    while abs(page.locator("#leaderboard").evaluate("one => one.getBoundingClientRect().top")) > 100:
        assert time.monotonic() < deadline
    assert page.locator(f"#{TABLE} thead th").nth(2).get_attribute("aria-sort") == "descending"
    context.close()


@pytest.mark.parametrize("form", ["CSV", "Markdown", "LaTeX"])
def test_what_is_shown_is_copied(browser, address, form):
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(address)
    page.evaluate(UNFOLD)
    page.locator("#leaderboard input[type=search]").fill("dense")
    shown = page.locator(ROWS).count()
    tools(page, f"Copy {form}").click()
    page.locator("#leaderboard .tools").get_by_text("Copied").wait_for()
    text = page.evaluate("navigator.clipboard.readText()")
    context.close()
    if form == "CSV":
        head, *rows = csv.reader(io.StringIO(text))
        assert head[:2] == ["Configuration", "Rank"] and "MSE ±" in head
        assert all(len(row) == len(head) for row in rows)
        numbers = [
            cell for row in rows for name, cell in zip(head, row, strict=True) if name.startswith("MSE")
        ]
        assert len(numbers) == 2 * len(rows) and all(float(number) > 0 for number in numbers)
        assert not set(f"±{words.MINUS}†") & set("".join(map("".join, rows)))
    elif form == "Markdown":
        head, line, *rows = text.splitlines()
        assert head.count("|") == line.count("|")
    else:
        head, *rows = [line for line in text.splitlines() if line.endswith(r" \\")]
        assert len({row.replace(r"\&", "").count("&") for row in (head, *rows)}) == 1
        assert r" \pm " in rows[0] and "±" not in text
    assert len(rows) == shown


def test_what_the_address_holds_of_a_table_that_changed_is_ignored(browser, address):
    context = browser.new_context()
    page = context.new_page()
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(
        f"{address}#leaderboard?{TABLE}.sort=Nothing+down&{TABLE}.hide=Nothing|None&{TABLE}.model=GAN&other.find=x"
    )
    assert page.locator(ROWS).count() > 5
    assert complaints == []
    context.close()


def test_a_name_opens_the_view_of_its_configuration(page):
    link = page.locator("#table-configurations tbody th a", has_text="AE dense").first
    key = link.get_attribute("href").removeprefix("#configuration-")
    section = page.locator(f"#configuration-{key}")
    assert not section.is_visible()
    link.click()
    section.wait_for(state="visible")
    assert section.locator(".curve").is_visible()
    sync_api.expect(section.locator(".see")).to_be_in_viewport()


def test_a_link_to_a_view_opens_it_with_what_was_chosen(page, address):
    """A section's link keeps the view; the address, opened anew, shows both."""
    names = page.locator("#table-configurations tbody th:visible")
    everything = names.count()
    page.locator("#trials input[type=search]").fill("vae dense")
    filtered = names.all_inner_texts()
    assert 0 < len(filtered) < everything
    key = (
        page.locator("#table-configurations tbody th a:visible")
        .first.get_attribute("href")
        .removeprefix("#configuration-")
    )
    page.locator(f"#table-configurations a[href='#configuration-{key}']").click()
    sync_api.expect(page).to_have_url(f"{address}#configuration-{key}?table-configurations.find=vae+dense")
    page.goto("about:blank")
    page.goto(f"{address}#configuration-{key}?table-configurations.find=vae+dense")
    page.locator(f"#configuration-{key}").wait_for(state="visible")
    assert names.all_inner_texts() == filtered


def test_another_view_in_the_address_is_shown(page, address):
    search = page.locator("#trials input[type=search]")
    for size in (2, 4):
        page.goto(f"{address}#trials?table-configurations.find=latent+{size}")
        sync_api.expect(search).to_have_value(f"latent {size}")


def test_back_leads_to_the_place_that_was_left_and_keeps_what_was_chosen(page):
    page.locator("#trials input[type=search]").fill("vae")
    link = page.locator("#table-configurations tbody th a:visible").nth(2)
    link.scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    link.click()
    sync_api.expect(link).not_to_be_in_viewport()
    page.locator("#leaderboard input[type=search]").fill("latent")  # which hides two rows
    page.go_back()
    sync_api.expect(link).to_be_in_viewport()
    page.wait_for_timeout(500)  # nothing may move it afterwards
    assert page.evaluate("scrollY") == pytest.approx(before, abs=20)
    assert page.locator("#leaderboard input[type=search]").input_value() == "latent"
    assert "table-leaderboard.find=latent" in page.url


def test_a_browser_that_refuses_to_copy_is_said_to_refuse(browser, address):
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script("document.execCommand = () => false; delete Clipboard.prototype.writeText;")
    page.goto(address)
    page.evaluate(UNFOLD)
    tools(page, "Copy CSV").click()
    page.locator("#leaderboard .tools").get_by_text("Refused by the browser").wait_for()
    context.close()


def test_signs_that_latex_reads_otherwise_are_written_for_it(browser, address):
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(address)
    page.evaluate(UNFOLD)
    cell = page.locator(f"#{TABLE} tbody td").first
    cell.evaluate("cell => { cell.textContent = 'p < 0.1 | 50 % ± 2'; }")
    tools(page, "Copy LaTeX").click()
    page.locator("#leaderboard .tools").get_by_text("Copied").wait_for()
    assert r"& p $<$ 0.1 $|$ 50 \% $\pm$ 2 &" in page.evaluate("navigator.clipboard.readText()")
    context.close()


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("CSV", """\"'=cmd|' /C calc'!A0 ![a](http:b) <i>\""""),
        ("Markdown", "| =cmd&#124;' /C calc'!A0 !&#91;a&#93;(http&#58;b) &#60;i&#62; |"),
        ("LaTeX", r"& {}=cmd$|$' /C calc'!A0 !{[}a{]}(http:b) $<$i$>$ &"),
    ],
)
def test_what_is_copied_does_nothing_where_it_is_pasted(browser, address, form, expected):
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(address)
    page.evaluate(UNFOLD)
    cell = page.locator(f"#{TABLE} tbody td").first
    cell.evaluate(
        "cell => { cell.textContent = `=cmd|' /C calc'!A0 ![a](http:b) <i>`; cell.className = ''; }"
    )
    tools(page, f"Copy {form}").click()
    page.locator("#leaderboard .tools").get_by_text("Copied").wait_for()
    assert expected in page.evaluate("navigator.clipboard.readText()")
    context.close()
