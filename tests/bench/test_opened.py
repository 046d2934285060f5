"""A run as data: `bench.open`."""

import re
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

import bench
from bench import errors
from tests.conftest import REPOSITORY

PUBLISHED = REPOSITORY / "reports" / "base-three-backends"


@pytest.fixture(scope="module")
def opened():
    return bench.open(PUBLISHED)


def test_tables_are_those_of_the_csv_files(opened):
    written = pd.read_csv(PUBLISHED / "results.csv")
    shared = [name for name in written if name in opened.results]
    ours = pd.read_csv(pd.io.common.StringIO(opened.results[shared].to_csv(index=False)))
    pd.testing.assert_frame_equal(ours, written[shared], rtol=1e-12)
    assert list(opened.results.columns[: len(shared)]) == shared
    written = pd.read_csv(PUBLISHED / "summary.csv")
    ours = pd.read_csv(pd.io.common.StringIO(opened.summary.to_csv(index=False)))
    pd.testing.assert_frame_equal(ours[list(written)], written, rtol=1e-10, check_dtype=False)


def test_history_has_a_row_a_trial_and_epoch(opened):
    trials = opened.results.dropna(subset="seed").set_index("trial")
    counts = opened.history.groupby("trial").size()
    assert (counts == trials.loc[counts.index, "epochs"]).all()
    best = opened.history.loc[opened.history.groupby("trial")["val_loss"].idxmin()].set_index("trial")
    assert (best["epoch"] == trials.loc[best.index, "best_epoch"]).all()


def test_numbers_of_each_image_average_to_the_measure():
    full = bench.open(REPOSITORY / "reports" / "full-fashion-mnist")
    table = full.images("image_mse")
    means = full.results.set_index("trial").loc[table.index, "test_mse"].astype(float)
    np.testing.assert_allclose(table.mean(axis=1), means, rtol=1e-3)  # published in half precision
    with pytest.raises(
        errors.UsageError, match=r"unknown numbers of images 'image_mes' .did you mean 'image_mse'"
    ):
        full.images("image_mes")


def test_arrays_and_figures_are_given_by_name(opened):
    keys = [key for key in opened.results["trial"] if "originals" in opened.arrays(key)]
    assert opened.arrays(keys[0])["originals"].dtype == np.uint8
    with pytest.raises(errors.UsageError, match="no trial 'x'; expected a key"):
        opened.arrays("x")
    published = {path.name: path.read_bytes() for path in (PUBLISHED / "figures").iterdir()}
    shared = [name for name in published if name in opened.figures]
    assert len(shared) > 5
    for name in shared:  # which were drawn by earlier programs: of the same kind
        assert opened.figure(name)[:5] == published[name][:5]
    with pytest.raises(errors.UsageError, match=r"unknown figure 'board-mse.svg'; nearest: board-") as caught:
        opened.figure("board-mse.svg")
    assert f" and {len(opened.figures) - 4} more, which list(run.figures) names" in str(caught.value)
    assert len(str(caught.value)) < 400
    (named,) = re.findall(r'run\.figure\("(.*?)"\)', (REPOSITORY / "README.md").read_text(encoding="utf-8"))
    assert named in opened.figures, "README names a figure that every run with two configurations has"


def test_what_is_not_there_is_said_in_one_line(opened, tmp_path):
    with pytest.raises(errors.RunFolderError, match="no run"):
        bench.open(tmp_path)
    with pytest.raises(ValueError, match="a published run, which has no models"):
        opened.model("best vae")


def test_opening_a_run_imports_neither_pandas_nor_keras_nor_matplotlib():
    script = (
        f"import sys, bench\nrun = bench.open({str(PUBLISHED)!r})\nrun.record\n"
        "print(sorted({'pandas', 'keras', 'matplotlib', 'torch'} & set(sys.modules)))\n"
        "run.results\nprint(sorted({'keras', 'matplotlib', 'torch'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["[]", "[]"]
