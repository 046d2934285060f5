"""The head of a report: its data, and the run at a glance."""

from collections.abc import Mapping
from typing import Any

from bench.datasets import classes
from bench.report import words
from bench.report.evidence import Evidence, machines
from bench.report.sections import origin


def data(evidence: Evidence) -> str:
    """The data sets, in running text."""
    return words.listing(words.dataset(name) for name in evidence.datasets or ("no images",))


def glance(evidence: Evidence) -> list[tuple[str, str]]:
    """Pairs of a word and a text."""
    run = evidence.run
    found = []
    for name, data in run.get("datasets", {}).items():
        images = ", ".join(f"{count:,} {split}" for split, count in data["images"].items())
        told = _classes(data)
        label = "Images" if name in evidence.datasets else "Images from outside"
        found.append((f"{label}: {words.dataset(name)}", f"{images}; {origin.size(data)}; {told}"))
    ok = sum(len(one.results) for one in evidence.configurations)
    seeds = sorted({trial.seed for trial in evidence.planned})
    beside = f"{len(evidence.baselines)} baselines beside them"
    if evidence.externals:
        names = words.listing(dict.fromkeys(one.family for one in evidence.externals))
        found.append(("External coders", names))
    found += [
        ("Trials", f"{ok} of {len(evidence.planned)} ended well, {beside}"),
        ("Configurations", _configurations(evidence)),
        ("Seeds", words.listing(str(seed) for seed in seeds) if seeds else words.NONE),
        (
            "Backend" if len(evidence.backends) < 2 else "Backends",
            f"{words.listing(evidence.backends or ('none',))} on {machines.devices(evidence)}",
        ),
    ]
    seconds = sum(value for one in evidence.configurations for value in one.values("fit_seconds"))
    if seconds:
        found.append(("Training time", f"{words.duration(seconds)}, all trials added up"))
    return found


def _classes(data: Mapping[str, Any]) -> str:
    """How many classes there are; in one line what it means where they are fewer than usual."""
    if data.get("novel") or not classes.can_be_told(data):
        return classes.told(data["classes"], data.get("novel", 0))
    return words.count(len(data["classes"]), "class", "classes")


def _configurations(evidence: Evidence) -> str:
    total = str(len(evidence.configurations))
    return total if len(evidence.backends) < 2 else f"{total}, each backend's counted apart"


def progress(evidence: Evidence) -> str:
    """How far an incomplete run is; empty for a complete one."""
    if evidence.finished == len(evidence.planned):
        return ""
    return (
        f"{evidence.finished} of {len(evidence.planned)} trials have finished. This report is about those; "
        "the command of the run, given again, runs the rest."
    )
