"""A report with templates of somebody's own."""

import pytest

from bench import errors
from bench.running import publication


def test_a_template_of_the_same_name_takes_the_place_of_ours(run, tmp_path):
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "opening.html.j2").write_text("<h1>Our lab: {{ report.title }}</h1>")
    (tmp_path / "style.css").write_text("body { color: rebeccapurple }")
    page = publication.publish(run, tmp_path).read_text()
    assert "<h1>Our lab: Autoencoders on digits</h1>" in page
    assert "rebeccapurple" in page
    assert 'id="table-leaderboard"' in page  # the other parts are ours


def test_a_template_takes_the_place_of_a_section_of_blocks_and_gets_them(run, tmp_path):
    (tmp_path / "parts").mkdir()
    mine = "<h2>{{ report.sections[id] }}</h2>{% for one in report.blocks[id] %}({{ one.kind }}){% endfor %}"
    (tmp_path / "parts" / "leaderboard.html.j2").write_text(mine)
    page = publication.publish(run, tmp_path).read_text()
    assert "<h2>Leaderboard</h2>(tabs)(" in page
    assert 'id="table-leaderboard"' not in page
    assert "| Configuration | Rank |" in (run.path / "README.md").read_text()  # its twin is ours


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("{% if %}", "parts/opening.html.j2, line 1: "),
        ("{{ report.tilte }}", "has no attribute 'tilte'"),
        ("{% include 'missing.j2' %}", "missing.j2"),
        ("{{ 1 / 0 }}", "division by zero"),
    ],
)
def test_a_mistake_in_it_is_one_line_and_the_report_stays(run, tmp_path, text, phrase):
    before = (run.path / "index.html").read_bytes()
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "opening.html.j2").write_text(text)
    with pytest.raises(errors.TemplateError) as caught:
        publication.publish(run, tmp_path)
    assert phrase in str(caught.value)
    assert "\n" not in str(caught.value)
    assert (run.path / "index.html").read_bytes() == before


def test_a_folder_that_is_not_there_is_named(bench, finished_run, tmp_path):
    process = bench("report", finished_run, "--templates", "nowhere", cwd=tmp_path)
    assert process.returncode == 2
    assert "--templates: expected a folder, got 'nowhere'" in process.stderr
