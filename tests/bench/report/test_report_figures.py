"""Charts, drawn by a browser."""

import numpy as np
import pytest

from bench.report.evidence import gather
from bench.report.sections import chart_space
from bench.report.sections.chart_space import Plane
from tests.bench.report.conftest import ok, trial

pytest.importorskip("playwright.sync_api", reason="needs the package playwright")

CLASSES = ("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Ankle boot")


@pytest.mark.parametrize("spread", [0.0, 0.3, 3.0])
def test_no_name_of_a_class_lies_on_another(browser, make_run, spread):
    """Classes that lie on each other, near each other, and apart."""
    labels = np.repeat(np.arange(len(CLASSES)), 50)
    random = np.random.default_rng(0)
    centres = spread * random.standard_normal((len(CLASSES), 2))
    points = (centres[labels] + random.standard_normal((len(labels), 2))).astype(np.float32)
    (one,) = gather(make_run([ok(trial(latent_dim=2))])).configurations
    plane = Plane(extent=chart_space.limits(points), axes=("code 1", "code 2"))
    chart = chart_space.latent("latent-x", one, plane, points, labels, CLASSES)
    page = browser.new_page()
    page.set_content(str(chart.svg))
    boxes = [box for box in (text.bounding_box() for text in page.locator(".names text").all()) if box]
    page.close()
    assert len(boxes) == len(CLASSES)
    for i, a in enumerate(boxes):
        for b in boxes[i + 1 :]:
            over = min(a["x"] + a["width"], b["x"] + b["width"]) - max(a["x"], b["x"])
            under = min(a["y"] + a["height"], b["y"] + b["height"]) - max(a["y"], b["y"])
            assert over <= 0 or under <= 0.25 * a["height"]  # empty above and below the letters
