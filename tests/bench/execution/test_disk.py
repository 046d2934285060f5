"""A run folder that cannot be written, from the beginning or from some moment on."""

import os

import psutil
import pytest

from .conftest import UNITS, finished, running, table, until, write_grid


def test_a_folder_below_a_file_is_refused_in_one_line(tmp_path):
    write_grid(tmp_path)
    (tmp_path / "file").write_text("no folder")
    with running("--grid", "tiny.toml", "--output", "file/out", cwd=tmp_path) as driver:
        assert driver.ends() == 2
    assert driver.text.count("\n") == 1
    assert "cannot write the run folder file/out" in driver.text


@pytest.mark.skipif(os.name != "posix" or os.getuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_refused_in_one_line(tmp_path):
    write_grid(tmp_path)
    (tmp_path / "closed").mkdir(mode=0o500)
    with running("--grid", "tiny.toml", "--output", "closed/out", cwd=tmp_path) as driver:
        assert driver.ends() == 2
    assert driver.text.count("\n") == 1
    assert "cannot write the run folder closed/out" in driver.text


@pytest.mark.skipif(not hasattr(psutil, "RLIMIT_FSIZE"), reason="needs a limit that can be set from outside")
def test_when_the_disk_is_full_what_was_finished_is_kept_and_the_same_command_goes_on(undisturbed, tmp_path):
    write_grid(tmp_path)
    arguments = ("--grid", "tiny.toml", "--workers", "1", "--output", "out")
    with running(*arguments, cwd=tmp_path) as driver:
        driver.waits_for(f"[1/{UNITS}]")
        # As good as a full disk: from now on no file of the driver may grow over some bytes.
        psutil.Process(driver.process.pid).rlimit(psutil.RLIMIT_FSIZE, (64, 64))
        assert driver.ends() == 2, driver.text
        until(lambda: not driver.left_behind(), "the end of every process", 30)
    last = driver.text.splitlines()[-1]
    assert last.startswith("bench: error: cannot write out/trials/")
    assert "make room" in last
    assert "Traceback" not in driver.text
    kept = finished(tmp_path / "out")
    assert kept
    with running(*arguments, cwd=tmp_path) as driver:
        assert driver.ends() == 0, driver.text
    now = finished(tmp_path / "out")
    assert {key: now[key] for key in kept} == kept
    assert table(tmp_path / "out") == table(undisturbed)
