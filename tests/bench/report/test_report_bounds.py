"""A small file of a stranger makes neither a long report nor a large process."""

import io
import tracemalloc
import warnings

import numpy as np
import pytest

from bench.keeping import gallery, trial_files
from bench.keeping.feature_network import FeatureNetwork
from bench.report.blocks import curves
from bench.report.blocks.seed_curves import MOST_POINTS, MOST_TOLD, seed_curves
from bench.report.evidence import gather
from bench.report.sections import chart_data, figures
from tests.bench.report.conftest import ok, trial


def history(count: int) -> list[dict[str, float]]:
    """Losses that fall, but for the lowest, at a place that even steps miss."""
    rows = [{"epoch": i + 1.0, "loss": 2 / (i + 1) + 1, "val_loss": 3 / (i + 1) + 1} for i in range(count)]
    rows[count * 2 // 3 + 1]["val_loss"] = 0.5
    return rows


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("points", (4 * gallery.MOST_POINTS + 1, 2)),
        ("samples", (4 * gallery.SAMPLES + 1, 8, 8, 1)),
        ("map", (4, 4 * gallery.MAP_SIDE + 1, 1, 1, 1)),
        ("dimension_kl", (10**5 + 1,)),
    ],
)
def test_more_of_an_array_than_a_trial_leaves_is_left_out_unread(name, shape):
    """2,700,000 points in 26 KB took a minute to draw, into a page of 43 MB."""
    kind = np.uint8 if len(shape) > 3 else np.float32
    arrays = {name: np.zeros(shape, kind), "point_labels": np.zeros(shape[0], int), "class_psnr": np.ones(2)}
    lost: list[str] = []
    found = trial_files.arrays_from_npz(trial_files.arrays_to_npz(arrays), lost.append)
    assert name not in found and name in lost and "class_psnr" in found


def test_what_a_gallery_has_at_most_is_read_whole():
    arrays = {
        "originals": np.zeros((gallery.MOST_IMAGES, 8, 8, 1), np.uint8),
        "labels": np.zeros(gallery.MOST_IMAGES, int),
        "samples": np.zeros((gallery.SAMPLES, 8, 8, 1), np.uint8),
        "points": np.zeros((gallery.MOST_POINTS, 2), np.float32),
        "point_labels": np.zeros(gallery.MOST_POINTS, int),
        "point_images": np.zeros((gallery.MOST_HOVERED, 8, 8, 1), np.uint8),
        "image_mse": np.zeros(200_000),
    }
    found = trial_files.arrays_from_npz(trial_files.arrays_to_npz(arrays), pytest.fail)
    assert found.keys() == arrays.keys()
    assert all(found[name].dtype == arrays[name].dtype for name in arrays)


def test_pictures_that_are_not_kept_take_no_memory():
    content = trial_files.arrays_to_npz({"samples": np.zeros((1000, 128, 128, 1), np.uint8)})
    tracemalloc.start()
    assert trial_files.arrays_from_npz(content) == {}
    assert tracemalloc.get_traced_memory()[1] < 2**20
    tracemalloc.stop()
    with pytest.raises(ValueError, match="unpack to"):
        trial_files.refuse_bomb(2**21, 480 * 10**6)


def test_a_history_of_more_epochs_than_anybody_trains_is_none(monkeypatch):
    monkeypatch.setattr(trial_files, "MOST_EPOCHS", 20)
    assert len(trial_files.history_from_csv(trial_files.history_to_csv(history(20)).encode())) == 20
    with pytest.raises(ValueError, match="more than 20 epochs"):
        trial_files.history_from_csv(trial_files.history_to_csv(history(21)).encode())


def test_a_long_history_is_drawn_from_its_first_epoch_to_its_last_with_the_best():
    """50,000 epochs made a page of 10 MB."""
    rows = history(50_000)
    drawn = seed_curves({"seed 0": rows})
    assert drawn is not None
    (line,) = drawn.lines
    assert len(line.training.split()) == len(line.points.split()) == MOST_POINTS + 1
    assert "seed 0: 4 to 1." in drawn.alt
    head, first, *between, last = drawn.numbers.splitlines()
    assert (first.split()[0], last.split()[0]) == ("1", "50000") and head.split() == ["epoch", "seed", "0"]
    assert len(between) == MOST_TOLD - 2
    assert "from 4 in epoch 1 to 1 in epoch 50000, lowest in epoch 33335" in curves.told(rows)
    note = "501 of 50,000 epochs are shown, evenly, and the best; all are in the trial's history.csv."
    table = chart_data.epochs("x", "x", rows)
    assert len(table.rows) == curves.MOST_DRAWN + 1 and table.note == note
    assert curves.thinned(rows[:500]) == rows[:500] and curves.thinning(rows[:500]) == ""


@pytest.mark.parametrize("losses", [("1e308", "-1"), ("-1e308", "1e308"), ("3e38", "-3e38"), ("inf", "1")])
def test_losses_that_no_training_has_are_drawn_without_a_warning(make_run, losses):
    text = "epoch,loss,val_loss\n" + "".join(f"{i},1,{loss}\n" for i, loss in enumerate(losses, start=1))
    (one,) = gather(make_run([ok(trial())])).configurations
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        rows = trial_files.history_from_csv(text.encode())
        assert "<svg" in figures.training("x", one, rows).svg
        seed_curves({"seed 0": rows})


def test_points_that_are_too_far_away_are_no_places():
    points = np.array([[1e308, 0], [3e38, 1], [1, 2]])
    content = trial_files.arrays_to_npz({"points": points, "point_labels": np.arange(3), "class_mse": points})
    lost: list[str] = []
    found = trial_files.arrays_from_npz(content, lost.append)
    assert np.isfinite(found["points"]).all(axis=1).tolist() == [False, False, True] and "class_mse" in lost


def test_weights_that_are_finite_in_other_floats_alone_are_no_network():
    buffer = io.BytesIO()
    np.savez(buffer, weight_00=np.array([1e300]), accuracy=np.array(0.5))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert not FeatureNetwork.is_whole(buffer.getvalue())
