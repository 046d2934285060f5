"""Rows of published numbers in grid files: what is taken, what is refused, and what a run keeps of them."""

import math
import pathlib
import statistics as plain

import pytest

from bench import errors, statistics
from bench.ask import axes, grid, grid_file, published
from bench.ask.baseline_cards import BASELINES
from bench.ask.trial import Baseline, Trial
from bench.keeping import run_json
from bench.models import ARCHITECTURES, MODELS
from bench.running import listing

ROW = """
[[published]]
title = "VAE, d = 2"
where = { latent_dim = 2 }
quantity = "kl"
value = 7.24
tolerance = 0.5
why = "because"
source = "Somebody 2018, table 1"
confirmed = true
cpu_minutes = 1
gpu_minutes = 1
"""
HEAD = """
[defaults]
seed = [0, 1]
[[block]]
model = "vae"
latent_dim = [2, 4]
"""
OWN = [name for name in grid_file.known() if name.startswith("published/")]


def load(folder: pathlib.Path, row: str = ROW, head: str = HEAD) -> grid.Grid:
    path = folder / "mine.toml"
    path.write_text(head + row)
    return grid.load(str(path))


def refused(folder: pathlib.Path, row: str, head: str = HEAD) -> str:
    with pytest.raises(errors.GridError) as caught:
        load(folder, row, head)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith("grid mine.toml")
    return str(caught.value)


def changed(old: str, new: str) -> str:
    assert old in ROW
    return ROW.replace(old, new)


def test_a_row_has_the_keys_of_the_seeds_of_one_configuration_on_each_backend(tmp_path):
    found = load(tmp_path)
    units = [unit for name in ("torch", "jax") for unit in found.units(name)]
    (row,) = published.recorded(found.published, units)
    wanted = [unit for unit in units if isinstance(unit, Trial) and unit.latent_dim == 2]
    assert row.keys == {
        name: [unit.key for unit in wanted if unit.backend == name] for name in ("torch", "jax")
    }
    assert all(len(keys) == 2 for keys in row.keys.values())


def test_a_row_outlives_its_file_as_json(tmp_path):
    found = load(tmp_path)
    (row,) = published.recorded(found.published, found.units("torch"))
    run_json._PUBLISHED(row.to_json())
    assert published.from_json({**row.to_json(), "of a newer program": 1}) == row


def test_rows_share_what_their_defaults_say_and_join_where(tmp_path):
    row = '[published_defaults]\nsource = "shared"\nwhere = { model = "vae" }\n' + ROW.replace(
        'source = "Somebody 2018, table 1"\n', ""
    )
    (found,) = load(tmp_path, row).published
    assert found.source == "shared"
    assert found.where == {"model": "vae", "latent_dim": 2}


def test_a_bar_is_confirmed_as_its_row_is_unless_it_says_otherwise(tmp_path):
    bar = 'tolerance = 0.5\nbar = 0.1\nbar_of = "standard error"\n'
    assert load(tmp_path, changed("tolerance = 0.5", bar)).published[0].is_known
    doubtful = changed("tolerance = 0.5", bar + "bar_confirmed = false\n")
    (row,) = load(tmp_path, doubtful).published
    assert row.confirmed and not row.is_known


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("value = 7.24", "value = 7.24\nvalu = 1", "row 1: unknown key 'valu' (did you mean 'value'?)"),
        ("value = 7.24", 'value = "7.24"', "value takes a number, not '7.24'"),
        ("value = 7.24", "value = true", "value takes a number, not True"),
        ("value = 7.24", "value = nan", "value takes a number, not nan"),
        ("value = 7.24", "", "value is missing: add it"),
        ("confirmed = true", "confirmed = 1", "confirmed takes true or false, not 1"),
        ("tolerance = 0.5", "tolerance = 0", "tolerance takes a number above 0, not 0"),
        ("tolerance = 0.5", "", "expected a bar, a tolerance or both"),
        ("tolerance = 0.5", "bar = 0.1", "bar and bar_of go together"),
        ("tolerance = 0.5", 'bar = 0.1\nbar_of = "error"', "unknown bar_of 'error'"),
        ('quantity = "kl"', 'quantity = "k"', "unknown quantity 'k'"),
        ('title = "VAE, d = 2"', 'title = ""', "title takes a line of 1 to 400 letters"),
        ('title = "VAE, d = 2"', 'title = """a\nb"""', "title takes a line of 1 to 400 letters"),
        ("{ latent_dim = 2 }", "2", "where takes a table of settings"),
        ("{ latent_dim = 2 }", "{}", "where is empty"),
        ("{ latent_dim = 2 }", '{ latent_dim = "two" }', "where: latent_dim takes a whole number"),
        ("{ latent_dim = 2 }", "{ latent = 2 }", "where: unknown setting 'latent' (did you mean"),
        ("{ latent_dim = 2 }", '{ model = "vea" }', "unknown model 'vea' (did you mean 'vae'?)"),
        ("{ latent_dim = 2 }", "{ latent_dim = 3 }", "no trial or baseline of the grid has latent_dim = 3"),
        ("{ latent_dim = 2 }", '{ model = "vae" }', "2 configurations have model = vae; name more settings"),
        ('quantity = "kl"', 'quantity = "negative_log_likelihood"', "needs the measures of likelihood"),
    ],
)  # fmt: skip
def test_what_a_row_does_not_take_is_refused_in_one_line(tmp_path, old, new, said):
    assert said in refused(tmp_path, changed(old, new))


def test_two_rows_of_one_title_are_refused(tmp_path):
    assert "published row 2: the title 'VAE, d = 2' is that of another row" in refused(tmp_path, ROW + ROW)


def test_rows_that_are_no_tables_are_refused(tmp_path):
    assert "expected tables [published_defaults] and [[published]]" in refused(
        tmp_path, "", "published = 1\n" + HEAD
    )


def test_a_quantity_that_is_held_against_a_baseline_needs_it_in_the_grid(tmp_path):
    row = changed('quantity = "kl"', 'quantity = "below_exact_likelihood"')
    head = 'measures = ["basic", "likelihood"]\n'
    assert "needs the baseline pca; add it to baselines" in refused(
        tmp_path, row, head + 'baselines = ["mean"]\n' + HEAD
    )
    found = load(tmp_path, row, head + HEAD)
    (kept,) = published.recorded(found.published, found.units("torch"))
    wanted = Baseline(dataset="digits", model="pca", latent_dim=2)
    assert kept.beside == wanted.key


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('measures = "basic"', ": expected a list of groups as measures"),
        ('measures = ["basics"]', ": measures: unknown group of measures 'basics'"),
        ("train = 1", ": expected true or false as train, received 1"),
    ],
)
def test_what_a_grid_does_not_take_is_refused_in_one_line(tmp_path, line, said):
    assert said in refused(tmp_path, "", f"{line}\n{HEAD}")


def test_a_grid_that_trains_nothing_has_baselines_alone(tmp_path):
    found = load(tmp_path, "", "train = false\n" + HEAD)
    assert found.trials("torch")
    assert all(isinstance(unit, Baseline) for unit in found.units("torch"))


# --- the grids of this program ------------------------------------------------------------------------

WAITS = {
    "bound_samples",
    "output_bias",
    "scale_head",
    "mnist_static",
    "architecture 'linear'",
    "adamnormgrad",
}


def own(name: str) -> grid.Grid:
    """A grid of this program; a test of it waits for the settings that it needs and are not there yet."""
    try:
        return grid.load(name)
    except errors.GridError as error:
        if any(each in str(error) for each in WAITS):
            pytest.skip(f"waits for a setting: {error}"[:120])
        raise


@pytest.mark.parametrize("name", OWN)
def test_a_grid_of_this_program_loads_with_rows_that_say_all_there_is_to_say(name):
    found = own(name)
    assert found.published
    for row in published.recorded(found.published, found.units("torch")):
        assert all(row.keys.values())
        run_json._PUBLISHED(row.to_json())


def test_there_is_a_grid_of_each_table_and_the_hyperspherical_one_has_twenty_numbers():
    names = "exemplar iwae iwae-50 linear-vae miwae pca rae static svae takahashi vampprior".split()
    assert sorted(OWN) == [f"published/{name}" for name in names]
    rows = own("published/svae").published
    assert len(rows) == 20
    by_size = {
        size: {row.quantity: row for row in rows if row.where["latent_dim"] == size}
        for size in (2, 5, 10, 20, 40)
    }
    for (
        each
    ) in by_size.values():  # the ELBO of the paper's table is the sum of its parts, to a unit of its digits
        parts = each["reconstruction_term"].value + each["kl"].value
        assert each["negative_elbo"].value == pytest.approx(parts, abs=0.0151)
        assert each["negative_log_likelihood"].value < each["negative_elbo"].value


def test_grids_of_papers_are_listed_apart_with_value_tolerance_and_command():
    lines = listing.lines("published")
    assert "  python -m bench run --grid published/pca" in "\n".join(lines)
    row = next(line for line in lines if "PCA-30, MNIST" in line)
    for part in ("13.87", "tolerance +- 0.02", "not confirmed", "10 min on two cores", "Science 313"):
        assert part in row
    assert any(line.strip().startswith("published/pca") for line in listing.lines("grids"))


def test_no_baseline_has_the_name_of_a_model_as_where_would_then_name_two():
    assert not BASELINES.keys() & MODELS.keys()
    assert not BASELINES.keys() & ARCHITECTURES.keys()
    assert "model" in axes.COMMON


# --- how far ours may lie off --------------------------------------------------------------------------


def test_the_tolerance_of_a_bar_is_two_deviations_of_the_difference_of_means():
    values = [93.2, 93.9, 94.1]
    variance = 0.3**2 + plain.variance(values) / 3
    assert statistics.two_deviations(0.3, values) == pytest.approx(2 * math.sqrt(variance), rel=1e-12)


def test_one_seed_varies_as_the_bar_says():
    assert statistics.two_deviations(0.3, [93.0]) == pytest.approx(2 * 0.3 * math.sqrt(2), rel=1e-12)
    with pytest.raises(ValueError, match="at least one value"):
        statistics.two_deviations(0.3, [])
