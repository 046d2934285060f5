"""The model card: `README.md` with the metadata that model hubs read, and all that a user should know."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from bench import __version__, measures
from bench.measures import KINDS
from bench.report import words
from bench.report.blocks.inert import markdown
from bench.report.evidence.naming import settings_of
from bench.report.sections.citation import bibtex
from bench.running.export.facts import Facts

_LIBRARIES = {"keras": "keras", "onnx": "onnx", "torch": "pytorch"}
UNKNOWN = "unknown"


def text(
    facts: Facts,
    *,
    about: Mapping[str, Any],
    deviations: Mapping[str, Mapping[str, float]],
    scripts: Mapping[str, str],
    licence: str,
) -> str:
    """The card.

    Parameters
    ----------
    facts
        The model and its run.
    about
        The content of `model.json`.
    deviations
        Formats to networks to how far a file is from the model.
    scripts
        Formats to the text of the script beside the files.
    licence
        An identifier as hubs know it, such as `mit`.
    """
    metadata = yaml.safe_dump(
        _metadata(facts, licence, tuple(deviations)), sort_keys=False, allow_unicode=True
    )
    parts = [
        f"---\n{metadata}---\n\n# {markdown(facts.name)}",
        _opening(facts, about),
        *_use(scripts, about),
        "## Data\n\n" + _data(facts, about),
        "## Measures\n\n" + _measures(facts),
        "## How it was trained\n\n" + _training(facts),
        "## Limits\n\n" + _limits(facts, about, licence),
        "## Files\n\n" + _files(deviations),
    ]
    if entry := bibtex(facts.evidence.run):
        parts.append(f"## To cite\n\n```bibtex\n{entry}\n```")
    return "\n\n".join(parts) + "\n"


def _metadata(facts: Facts, licence: str, formats: tuple[str, ...]) -> dict[str, Any]:
    trial = facts.trial
    dataset = {"type": words.source(trial.dataset), "name": words.dataset(trial.dataset), "split": "test"}
    task = {"type": "image-feature-extraction", "name": "encoding and decoding images"}
    others = {*measures.counterparts().values(), "validation_loss"}  # of validation images
    told = [
        {"type": name, "name": measures.named(name).label, "value": value}
        for name, value in _quality(facts)
        if name not in others and measures.named(name).better
    ]
    return {
        "library_name": _LIBRARIES[formats[0]],
        "license": licence,
        "tags": ["autoencoder", trial.model, trial.architecture, *formats],
        "datasets": [words.source(trial.dataset)],
        "metrics": [each["type"] for each in told],
        "model-index": [
            {"name": facts.name, "results": [{"task": task, "dataset": dataset, "metrics": told}]}
        ],
    }


def _opening(facts: Facts, about: Mapping[str, Any]) -> str:
    card = facts.trial.model_card
    paper = f" ({markdown(card.paper)})" if card.paper else ""
    size = " x ".join(map(str, about["input"]["shape"]))
    prior = f" Codes are drawn from {markdown(about['prior'])}." if about["prior"] else ""
    return (
        f"{markdown(words.capital(card.title))}{paper}, architecture {markdown(facts.trial.architecture)}: "
        f"images of {size} (height x width x channels) to codes of {about['code_size']} numbers, and codes "
        f"to images.{prior} It was trained and measured by autoencoder-bench {__version__}, protocol "
        f"{facts.evidence.run['protocol']}; its files need nothing of that."
    )


def _use(scripts: Mapping[str, str], about: Mapping[str, Any]) -> Iterable[str]:
    for form, script in scripts.items():
        yield f"## Use it with {form}\n\n`use_{form}.py`:\n\n```python\n{script}```"
    low, high = about["input"]["black"], about["input"]["white"]
    if low is not None:
        scaled = f"(values - {low:g}) / ({high:g} - {low:g})"
        yield f"Black was {low:g} and white {high:g} in its data: give `{scaled}`."


def _data(facts: Facts, about: Mapping[str, Any]) -> str:
    counts = ", ".join(f"{count:,} {name}" for name, count in facts.data.get("images", {}).items())
    lines = [
        f"{markdown(words.dataset(facts.trial.dataset))}" + (f": images for {counts}." if counts else ".")
    ]
    if names := about["class_names"]:
        lines.append(f"Classes, by label from 0: {', '.join(str(markdown(name)) for name in names)}.")
    if sha256 := about["data_sha256"]:
        lines.append(f"SHA-256 of its arrays: `{sha256}`.")
    return " ".join(lines)


def _quality(facts: Facts) -> list[tuple[str, float]]:
    """The measures that have a number, but for those of cost."""
    known = {one.name for one in measures.every()}
    return [
        (name, float(value))
        for name, value in facts.result.measures.items()
        if value is not None and name in known and name not in KINDS["Cost"]
    ]


def _measures(facts: Facts) -> str:
    seeds = len(facts.configuration.results)
    over = f"mean over {seeds} seeds ± half the 95 % interval" if seeds > 1 else "over seeds"
    lines = [f"| measure | this model | {over} |", "|---|---|---|"]
    for name, value in _quality(facts):
        head, own = markdown(words.head(name)), markdown(words.number(name, value))
        mean = markdown(words.interval(name, facts.configuration.measure(name))) if seeds > 1 else words.NONE
        lines.append(f"| {head} | {own} | {mean} |")
    if seeds == 1:
        lines.append("\nOne seed was trained, so there is no interval: another seed may give other numbers.")
    lines.append(
        "\nOf test images, unless a name says validation; a definition of each is in the report of its run."
    )
    return "\n".join(lines)


def _training(facts: Facts) -> str:
    trial, run = facts.trial, facts.evidence.run
    settings = {name: value for name, value in settings_of(trial).items() if name != "dataset"} | {
        "seed": trial.seed
    }
    told = [
        f"| {markdown(words.axis(name))} | {markdown(words.value_text(value))} |"
        for name, value in settings.items()
    ]
    epoch = facts.result.measures.get("best_epoch")
    versions = ", ".join(f"{name} {version}" for name, version in (run.get("versions") or {}).items())
    kept = "of its last epoch" if trial.keep == "last" else "of the epoch with the lowest validation loss"
    lines = [
        f"Its weights are those {kept}" + (f", epoch {epoch:.0f} of {trial.epochs}." if epoch else "."),
        _how_chosen(facts),
        f"Command: `{markdown(run['command'])}`. Versions: {markdown(versions)}.",
        "\n\n| setting | value |\n|---|---|\n" + "\n".join(told),
    ]
    return " ".join(filter(None, lines)).replace(". \n", ".\n")


def _how_chosen(facts: Facts) -> str:
    """By numbers of validation images, unless somebody named the trial."""
    if facts.asked.strip() == facts.trial.key:
        return ""
    return f"It was chosen as `{json.dumps(facts.asked)}` of its run, by numbers of validation images alone."


def _limits(facts: Facts, about: Mapping[str, Any], licence: str) -> str:
    low, high = (about["input"][name] for name in ("low", "high"))
    lines = [
        f"Images have to be floats in [{low:g}, {high:g}], of one size; nothing checks that in the files.",
        "It was measured on test images of its own data set alone; on other images its numbers say nothing.",
        "It is one network of one seed: a mean over seeds tells of the method, not of it.",
    ]
    if not about["prior"]:
        lines.append(f"It has no sampler: {markdown(about['no_sampler'])}.")
    if licence == UNKNOWN:
        lines.append("Its licence was not said: ask who trained it, and mind that of the data.")
    return "\n".join(f"- {line}" for line in lines)


def _files(deviations: Mapping[str, Mapping[str, float]]) -> str:
    lines = [
        "Each file was loaded again and compared with the model on arrays of 1 and of 64 rows; codes beyond "
        "1 count by their size. `SHA256SUMS` has the checksums (`sha256sum -c SHA256SUMS`), `model.json` "
        "shapes, ranges and class names.\n",
        "| format | network | largest difference |\n|---|---|---|",
    ]
    for form, networks in deviations.items():
        lines += [f"| {form} | {name} | {found:.1e} |" for name, found in networks.items()]
    return "\n".join(lines)
