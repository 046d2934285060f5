"""Which trials share a network, and what a network costs by the estimate."""

import dataclasses

import pytest

from bench.ask import estimate, grid
from bench.keeping import networks, tables

(DENSE, *_, CONV) = grid.load("base").trials("torch")


def changed(trial, **options):
    return dataclasses.replace(trial, options=tuple(sorted({**dict(trial.options), **options}.items())))


def test_what_changes_the_cost_of_a_step_makes_another_network_and_what_does_not_does_not():
    keys = [networks.key(changed(DENSE, widths=widths)) for widths in ("512-256", "64", "64-32")]
    assert len(set(keys)) == 3
    assert networks.key(DENSE) == keys[0]
    vae = grid.replace(grid.load("base"), {"model": ["vae"]}).trials("torch")[0]
    assert networks.key(changed(vae, beta=4.0)) == networks.key(vae)


def test_timings_name_the_options_of_networks_where_there_are_any():
    rows = [
        {**networks.settings(trial), "step_seconds": 1.0} for trial in (DENSE, changed(DENSE, widths="64"))
    ]
    assert "options" not in tables.timings_csv(rows[:1])
    head, usual, narrow = tables.timings_csv(rows).splitlines()
    assert head.endswith(",options")
    assert usual.endswith(",{}")
    assert narrow.endswith('"{""widths"":""64""}"')


@pytest.mark.parametrize(
    ("trial", "options", "low", "high"),
    [
        (DENSE, {"widths": "1024-512"}, 1.5, 3.0),
        (DENSE, {"widths": "64"}, 0.02, 0.6),
        (CONV, {"filters": "32-64"}, 1.5, 4.0),
    ],
)
def test_the_estimate_of_training_goes_with_the_work_of_a_network(trial, options, low, high):
    usual, other = (estimate.timing(each) for each in (trial, changed(trial, **options)))
    assert low < other / usual < high
