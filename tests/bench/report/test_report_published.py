"""A published run: what others need of it in a few files, from which the same report is rendered."""

import pathlib
import shutil

import pytest

from bench.keeping.store import PACKED, RunFolder
from bench.report.page import reads
from bench.running import publication
from tests.bench.report.conftest import bench

REPORT = ("index.html", "README.md", "results.csv", "summary.csv", "timings.csv")


@pytest.fixture(scope="module")
def published(finished_run, tmp_path_factory) -> pathlib.Path:
    """The finished run, published by the command; to be read only."""
    folder = tmp_path_factory.mktemp("published") / "reports" / "tiny-digits"
    done = bench("report", str(finished_run), "--publish", str(folder))
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, str(folder / "index.html")), done.stderr
    return folder


def test_it_holds_the_record_the_tables_the_report_and_one_file_of_trials(published):
    names = {path.name for path in published.iterdir()}
    assert names == {"run.json", PACKED, "features", "figures", *REPORT}


def test_its_report_is_that_of_the_run_but_for_models_and_where_trials_are(published, run):
    for model in run.path.glob("trials/*/model.keras"):
        model.unlink()
    publication.publish(run)
    for name in REPORT:
        theirs = (published / name).read_text(encoding="utf-8").replace(f" in {PACKED}", "")
        assert theirs == (run.path / name).read_text(encoding="utf-8"), name
    for figure in (run.path / "figures").iterdir():
        assert (published / "figures" / figure.name).read_bytes() == figure.read_bytes()


def test_it_renders_again_to_the_same_bytes(published, tmp_path):
    again = shutil.copytree(published, tmp_path / "again")
    for name in REPORT:
        (again / name).unlink()
    assert bench("report", str(again)).returncode == 0
    assert {name: (again / name).read_bytes() for name in REPORT} == {
        name: (published / name).read_bytes() for name in REPORT
    }


def test_publishing_again_gives_the_same_file(published, finished_run, tmp_path):
    again = shutil.copytree(published, tmp_path / "again")
    publication.publish_to(RunFolder(again), RunFolder(finished_run))
    assert (again / PACKED).read_bytes() == (published / PACKED).read_bytes()


def test_pictures_that_are_not_shown_are_left_out(published, finished_run):
    first, second = (unit for unit in RunFolder(published).units()[:2])
    assert (first.seed, second.seed) == (0, 1)
    all_of_them = RunFolder(finished_run).images(second)
    kept = RunFolder(published).images(second)
    assert set(kept) == {"reconstructions", "samples", "mixture_samples"} < set(all_of_them)
    unread = {name for name in all_of_them if name.startswith("image_")}  # a number for each image
    unread -= {"image_mse", "image_latent_accuracy"}  # by which pairs are compared over images
    of_first = set(RunFolder(finished_run).images(first))
    for begins, keys in reads.parts(RunFolder(finished_run)).items():
        if first.key not in keys:
            unread |= {name for name in of_first if name.startswith(begins)}
    assert set(RunFolder(published).images(first)) == of_first - unread
    assert (published / PACKED).stat().st_size < sum(
        path.stat().st_size for path in finished_run.glob("trials/*/images.npz")
    )


def test_it_can_be_held_against_its_run(published, finished_run):
    done = bench("compare", str(published), str(finished_run))
    assert done.returncode == 0, done.stderr


def test_no_run_adds_to_it(published, tmp_path):
    done = bench("run", "--output", str(published), "--dry-run")
    assert done.returncode == 2
    assert "is a published run, which is read and not added to; choose another folder" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_run_of_its_name_goes_beside_it(published, monkeypatch):
    from bench import cli
    from bench.running import plan

    monkeypatch.chdir(published.parents[1])
    published_quick = published.with_name("quick-digits")
    shutil.copytree(published, published_quick)
    planned = plan.make(cli.parser().parse_args(["run"]))
    assert planned.folder.path == pathlib.Path("reports/my-quick-digits")
    shutil.rmtree(published_quick)


def test_a_folder_with_a_run_of_its_own_is_not_published_into(run, finished_run):
    done = bench("report", str(finished_run), "--publish", str(run.path))
    assert done.returncode == 2
    assert "has a run of its own; expected a new folder" in done.stderr
    assert not (run.path / PACKED).exists()


@pytest.mark.parametrize(
    ("damage", "code"), [(lambda content: content[:1000], 2), (lambda content: _flipped(content), 0)]
)
def test_a_damaged_one_is_said_in_one_line(published, tmp_path, damage, code):
    """One file of it costs itself alone; where no file is found any more, there is nothing to report."""
    folder = shutil.copytree(published, tmp_path / "damaged")
    content = (folder / PACKED).read_bytes()
    (folder / PACKED).write_bytes(damage(content))
    done = bench("report", str(folder))
    assert done.returncode == code
    assert len(done.stderr.splitlines()) == 1 and "get the published run again" in done.stderr


def _flipped(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 255]) + content[middle + 1 :]
