"""Whether the data of a run are those that its finished trials saw, and fit together."""

import os
from collections.abc import Mapping, Sequence
from typing import Any

from bench import datasets, errors
from bench.ask import grouping
from bench.ask.trial import Unit
from bench.keeping.result import Result
from bench.running.plan import Plan


def check_own_data(plan: Plan) -> None:
    """Where all is finished, only data of one's own are looked at again: the registry cannot have changed."""
    names = {unit.dataset for unit in plan.own} - set(datasets.published())
    os.environ.setdefault("KERAS_BACKEND", plan.backends[0])  # a plug-in may import Keras to load its data
    check_unchanged(plan, {name: datasets.sha256(name) for name in names})


def check_outside(
    units: Sequence[Unit], groups: Mapping[Unit, Sequence[str]], data: Mapping[str, Any]
) -> None:
    """Refuse another data set whose images have the shape of none of those that are measured against it."""
    insiders: dict[str, list[str]] = {}
    for unit in units:
        insiders.setdefault(grouping.outside(groups[unit]), []).append(unit.dataset)
    for other, names in insiders.items():
        shapes = {name: tuple(data[name]["image_shape"]) for name in (*names, other) if other}
        if other and shapes[other] not in [shapes[name] for name in names]:
            raise errors.DataError(
                f"--outside {other}: expected images of {shapes[names[0]]}, as those of {names[0]}, "
                f"received {shapes[other]}; choose another data set to tell apart, or leave --outside out"
            )


def check_unchanged(plan: Plan, hashes: Mapping[str, str]) -> None:
    """Refuse to mix two data sets under one name."""
    for name, now in hashes.items():
        kept = [] if plan.fresh else plan.folder.results(u for u in plan.units if u.dataset == name)
        if others := [result for result in kept if result.data_sha256 not in (now, "")]:
            raise _changed(plan, name, now, others, is_all=len(others) == len(kept))


def _changed(
    plan: Plan, name: str, now: str, others: Sequence[Result], *, is_all: bool
) -> errors.RunFolderError:
    """The error for results of other data; where only some are, it is enough to remove these."""
    before, folder = others[0].data_sha256, plan.folder.path
    keys = ", ".join(result.unit.key for result in others[:3]) + (", ..." if len(others) > 3 else "")
    remedy = (
        "choose another folder with --output, or remove the old run with --fresh"
        if is_all
        else f"to run those {len(others)} again, remove their folders in {folder / 'trials'}: {keys}"
    )
    return errors.RunFolderError(
        f"data set {name} has changed since {'' if is_all else 'some '}trials in {folder} ran on it "
        f"(SHA-256 {now[:12]}, was {before[:12]}); {remedy}"
    )
