"""Paths in what is shared say nothing of where on a machine a checkout lies."""

import pathlib

from bench import paths


def test_a_path_is_told_as_from_the_working_folder_or_without_the_home_folder(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(pathlib.Path, "home", lambda: pathlib.Path("/home/somebody"))
    assert paths.near(str(tmp_path / "examples" / "mine.py")) == "examples/mine.py"
    assert paths.near("/home/somebody/mine.py") == "~/mine.py"
    assert paths.near("/elsewhere/mine.py") == "/elsewhere/mine.py"
