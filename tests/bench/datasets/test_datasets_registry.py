"""The registry: names, and what is refused before anything heavy is imported."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from bench import datasets, errors

REPOSITORY = Path(__file__).resolve().parents[3]


def test_importing_the_registry_and_checking_names_imports_nothing_heavy() -> None:
    script = (
        "import sys; from bench import datasets; datasets.check_name('digits'); datasets.summaries(); "
        "heavy = {'keras', 'pandas', 'sklearn', 'scipy', 'PIL', 'torch', 'jax', 'tensorflow'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    process = subprocess.run(
        [sys.executable, "-c", script], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert process.stdout.strip() == "[]"


def test_each_known_name_has_a_summary_of_one_line() -> None:
    assert datasets.known() == ("digits", "fashion_mnist", "mnist", "cifar10", "mnist_static")
    assert tuple(datasets.summaries()) == datasets.known()
    assert all(line and "\n" not in line for line in datasets.summaries().values())


@pytest.mark.parametrize("name", datasets.known())
def test_known_names_pass(name: str) -> None:
    datasets.check_name(name)


def test_existing_files_and_folders_pass(tmp_path: Path) -> None:
    (tmp_path / "toys.npz").touch()
    datasets.check_name(str(tmp_path / "toys.npz"))
    datasets.check_name(str(tmp_path))


@pytest.mark.parametrize(
    ("name", "received"),
    [
        ("fashion", "neither a known name nor an existing path"),
        ("toys.npz", "a .npz file that does not exist"),
        ("no/such/folder", "neither a known name nor an existing path"),
        (__file__, "a file of another kind"),
        ("", "an empty name"),
        ("two\nlines", "neither a known name"),
        ("null\0byte", "neither a known name"),
        ("long" * 2000, "neither a known name"),
    ],
)
@pytest.mark.parametrize("function", [datasets.check_name, datasets.load])
def test_other_names_are_refused_with_what_there_is(
    function, name: str, received: str, assert_problem
) -> None:
    with pytest.raises(errors.DataError) as caught:
        function(name)
    assert_problem(
        caught.value,
        received,
        "digits, fashion_mnist, mnist, cifar10, mnist_static",
        ".npz file with x_train, y_train, x_test, y_test",
        "folder with train/<class>/ and test/<class>/",
    )


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("fashion_mnit", "fashion_mnist"),
        ("MNIST", "mnist"),
        ("Fashion-MNIST", "fashion_mnist"),
        ("toys", "toys.npz"),
        ("toyz.npz", "toys.npz"),
        ("picturs", "pictures"),
        ("pictures.npz", "pictures"),
    ],
)
def test_a_mistaken_name_is_told_what_may_be_meant(
    name, meant, tmp_path, monkeypatch, assert_problem
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "toys.npz").touch()
    (tmp_path / "pictures").mkdir()
    with pytest.raises(errors.DataError) as caught:
        datasets.check_name(name)
    assert_problem(caught.value, f"did you mean '{meant}'?")


def test_no_name_is_suggested_that_would_be_refused(tmp_path, monkeypatch, assert_problem) -> None:
    monkeypatch.chdir(tmp_path)
    Path("toys1.npz").symlink_to("nowhere")
    Path("toys2.npz").symlink_to("toys2.npz")
    os.mkfifo("toys3.npz")
    for name in ("toys1.npz", "toys2.npz", "toys4.npz"):
        with pytest.raises(errors.DataError) as caught:
            datasets.check_name(name)
        assert_problem(caught.value, "does not exist; correct the name or the path")
    assert "a link to something" not in str(caught.value)
    Path("toys.npz").touch()
    with pytest.raises(errors.DataError, match=r"a link to something that .* .did you mean 'toys\.npz'"):
        datasets.check_name("toys1.npz")


def test_a_tilde_is_the_home_folder(tmp_path: Path, toys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    np.savez(tmp_path / "toys.npz", **toys)
    datasets.check_name("~/toys.npz")
    assert datasets.load("~/toys.npz").name == "toys"


def test_messages_write_a_tilde_for_the_home_folder(tmp_path: Path, monkeypatch, assert_problem) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    (tmp_path / "toys.npz").touch()
    with pytest.raises(errors.DataError) as caught:
        datasets.load("~/toys.npz")
    assert_problem(caught.value, "'~")
    assert str(tmp_path) not in str(caught.value)
