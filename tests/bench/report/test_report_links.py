"""Where links lead: on a page of a full grid, after a reload, in a frame, in older browsers."""

import pytest

from bench.keeping.store import RunFolder
from tests.benchmarks import many

from .conftest import NBSP, UNFOLD

sync_api = pytest.importorskip("playwright.sync_api", reason="needs the package playwright")


@pytest.fixture(scope="module")
def long_page(finished_run, tmp_path_factory) -> str:
    """The address of a page of 180 trials."""
    from bench import report

    folder = RunFolder(tmp_path_factory.mktemp("many") / "run")
    many.multiply(RunFolder(finished_run), folder, 180)
    return report.write(folder).as_uri()


def opened(browser, address: str):
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(address)
    return page


def place(page, id: str) -> float:
    """Pixels from the top of the window, once nothing moves any more."""
    before = None
    for _ in range(40):
        page.wait_for_timeout(100)
        now = page.locator(f"[id='{id}']").evaluate("each => each.getBoundingClientRect().top")
        if now == before:
            return now
        before = now
    raise AssertionError("it never stopped")


@pytest.mark.parametrize("view", ["", "?table-configurations.find=vae"])
def test_a_link_to_a_late_view_leads_to_it(browser, long_page, view):
    page = opened(browser, long_page)
    key = page.locator(".view article").nth(55).get_attribute("id")
    page = opened(browser, f"{long_page}#{key}{view}")
    assert 0 <= place(page, key) < 200
    page.context.close()


def test_links_within_a_long_page_lead_where_they_say(browser, long_page):
    page = opened(browser, long_page)
    page.locator("nav").get_by_role("link", name="Protocol").click()
    assert 0 <= place(page, "protocol") < 200
    page.evaluate(UNFOLD)
    link = page.locator("#table-leaderboard tbody th a").nth(40)
    link.click()
    assert 0 <= place(page, link.get_attribute("href")[1:]) < 200
    page.context.close()


def test_a_reload_keeps_the_view_open_that_was_linked_to(page, address):
    key = page.locator(".view article").nth(5).get_attribute("id")
    page.goto("about:blank")
    page.goto(f"{address}#{key}")
    page.locator(f"#{key}").wait_for(state="visible")
    page.reload()
    page.locator(f"#{key}").wait_for(state="visible")


def test_a_name_opens_a_view_in_a_browser_without_javascript(browser, address):
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(address)
    link = page.locator("#table-configurations tbody th a", has_text="AE dense").first
    view = page.locator(link.get_attribute("href"))
    assert not view.is_visible()
    link.click()
    view.wait_for(state="visible")
    view.get_by_role("link", name="→").click()  # to the next
    assert page.locator(".view article:visible").count() == 2
    page.context.close()


@pytest.mark.parametrize("kind", ["srcdoc", "blob"])
def test_in_a_frame_without_an_address_of_its_own_everything_works_but_links(browser, finished_run, kind):
    """As in a notebook, or in the preview of a mail."""
    page = browser.new_context().new_page()
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto("about:blank")
    page.evaluate(
        """([text, kind]) => {
          const frame = document.createElement("iframe");
          if (kind === "srcdoc") frame.srcdoc = text;
          else frame.src = URL.createObjectURL(new Blob([text], { type: "text/html" }));
          document.body.append(frame);
        }""",
        [(finished_run / "index.html").read_text(), kind],
    )
    inside = page.frame_locator("iframe")
    inside.locator("#leaderboard details:not(.menu) > summary").last.click()
    inside.locator("#table-leaderboard thead button").first.click()
    assert inside.locator("#table-leaderboard th[aria-sort]").count() == 1
    inside.locator("#compare summary").first.click()
    assert inside.locator(".compare").is_visible()
    assert complaints == []
    page.context.close()


def test_a_browser_that_cannot_count_parameters_keeps_the_view(browser, address):
    page = browser.new_context().new_page()
    page.add_init_script("delete URLSearchParams.prototype.size")
    page.goto(f"{address}#leaderboard?table-leaderboard.find=dense")
    names = page.locator("#table-leaderboard tbody tr:visible th").all_inner_texts()
    assert names and all("dense" in name.replace(NBSP, " ") for name in names)
    page.locator("#leaderboard input[type=search]").fill("conv")
    sync_api.expect(page).to_have_url(f"{address}#leaderboard?table-leaderboard.find=conv")
    page.context.close()
