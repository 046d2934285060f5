"""What axe-core finds in the page: in both themes, wide and narrow, with everything unfolded."""

import pytest

pytest.importorskip("playwright.sync_api", reason="needs the package playwright")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python")


def violations(page):
    """Rule and first offender of each."""
    found = axe.Axe().run(page).response
    assert len(found["passes"]) > 40
    return [(one["impact"], one["id"], one["nodes"][0]["html"][:200]) for one in found["violations"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
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


def test_print_opens_what_is_folded(page):
    folded = page.locator("#effects details table").first
    assert not folded.is_visible()
    page.emulate_media(media="print")
    assert folded.is_visible()
    assert not page.locator("nav.contents").is_visible()
    assert page.pdf()[:5] == b"%PDF-"
