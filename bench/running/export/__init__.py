"""`bench export`: the winner of a run leaves as files that need nothing of this package."""

import hashlib
import json
import os
import pathlib
import re
import shutil
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from bench import errors, measures
from bench.keeping import known_runs
from bench.keeping.enclosure import Enclosure, said
from bench.machine import backend
from bench.report import words
from bench.running.export.facts import Facts, find

if TYPE_CHECKING:
    from bench.models.portable import Portable

FORMATS = ("keras", "onnx", "torch")
INSTALL = "pip install onnx onnxscript onnxruntime"
_LICENCE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,39}")

Say = Callable[[str], None]


def run(
    name: str,
    which: str,
    target: str,
    formats: str | None = None,
    licence: str = "unknown",
    plugins: Iterable[str] = (),
    say: Say = print,
) -> pathlib.Path:
    """Write a trained model of a run into a new folder, and return its path.

    Parameters
    ----------
    name
        A run folder, or its name in `reports/`.
    which
        The model, as `models.load` takes it: `best vae dense`, or the key of a trial.
    target
        A folder that is not there yet, or is empty.
    formats
        `keras`, `onnx` and `torch`, joined by commas; None for all whose libraries are installed.
    licence
        An identifier as model hubs know it.
    plugins
        The file that the model comes from, if it is of a plug-in; it is run.
    say
        Is told what could not be written, and why.

    Raises
    ------
    BenchError
        In one line, before anything is written, if a name, format or folder is wrong or a library is missing.
    """
    if not _LICENCE.fullmatch(licence):
        raise errors.UsageError(
            "--license takes an identifier as model hubs know it, such as mit or cc-by-4.0, "
            f"received {licence!r}"
        )
    folder = known_runs.find(name)
    chosen = _formats(formats, say)
    where = _empty(target)
    with measures.of_run(folder.cards.tasks.values()), words.of_run(folder.cards.models.values()):
        facts = find(folder, which)
        say(f"{facts.name}{f' ({facts.by})' if facts.by else ''}: trial {facts.trial.key} of {folder.path}")
        portable, about = _loaded(facts, plugins)
        if not about["prior"]:
            say(f"no sampler: {about['no_sampler']}")
        is_new = not where.path.exists()
        try:
            _write(where, facts, portable, about, chosen, licence)
        except BaseException:  # half of a model helps nobody
            _clear(where.path, is_new)
            raise
    return where.path


def _formats(asked: str | None, say: Say) -> tuple[str, ...]:
    """Those that were asked for, or all that can be written here."""
    from bench.running.export import formats

    lacking = {name: formats.missing(name) for name in FORMATS}
    if asked is None:
        for name in (name for name in FORMATS if lacking[name]):
            say(f"no {name}: {_install(lacking[name])}")
        return tuple(name for name in FORMATS if not lacking[name])
    names = tuple(dict.fromkeys(each.strip() for each in asked.split(",")))
    for name in names:
        if name not in FORMATS:
            raise errors.UsageError(f"--format: {errors.unknown('format', name, FORMATS)}")
        if lacking[name]:
            raise errors.UsageError(f"--format {name}: {_install(lacking[name])}, or leave {name} out")
    return names


def _install(packages: list[str]) -> str:
    how = "pip install torch" if packages == ["torch"] else INSTALL
    return f"{words.listing(packages)} {'is' if len(packages) == 1 else 'are'} not installed; {how}"


def _empty(target: str) -> Enclosure:
    path = pathlib.Path(os.path.expanduser(target))
    if os.path.lexists(path) and not (path.is_dir() and not any(path.iterdir())):
        raise errors.RunFolderError(
            f"--to {target}: expected a folder that is new or empty, received one that holds something; "
            "choose another, or remove it"
        )
    return Enclosure(path)


def _loaded(facts: Facts, plugins: Iterable[str]) -> "tuple[Portable, dict[str, Any]]":
    """The networks of the model, and what `model.json` says of them."""
    name = "torch" if backend.installed("torch") else backend.choose(None)[0]
    os.environ.setdefault("KERAS_TORCH_DEVICE", "cpu")  # what is traced on a GPU would ask for one
    if name != "tensorflow":  # which Keras would import to save a model, wherever it is installed
        sys.modules.setdefault("tensorflow", None)  # type: ignore[arg-type]
    backend.activate(name)
    from bench import models
    from bench.models import portable
    from bench.models.coder import Absent

    try:
        model = models.load(facts.path, plugins=plugins)
        found = portable.of(model)
    except ValueError as error:
        raise errors.RunFolderError(str(error)) from None
    black, white = model.value_range or (None, None)
    about = {
        "name": facts.name,
        "trial": facts.trial.key,
        "input": {"shape": list(model.image_shape), "low": 0.0, "high": 1.0, "black": black, "white": white},
        "code_size": model.code_size,
        "prior": found.prior,
        "no_sampler": found.sampler.reason if isinstance(found.sampler, Absent) else "",
        "class_names": list(model.class_names),
        "data_sha256": model.data_sha256 or facts.result.data_sha256,
    }
    return found, about


def _write(
    where: Enclosure,
    facts: Facts,
    portable: "Portable",
    about: dict[str, Any],
    chosen: tuple[str, ...],
    licence: str,
) -> None:
    from bench.models.coder import Absent
    from bench.running.export import card, formats, scripts

    with said("write", where.path):
        where.path.mkdir(parents=True, exist_ok=True)
        deviations = {
            form: {
                name: formats.write(network, form, where.path) for name, network in portable.networks.items()
            }
            for form in chosen
        }
    has_sampler = not isinstance(portable.sampler, Absent)
    shapes = scripts.Shapes(
        image=tuple(about["input"]["shape"]),
        code=about["code_size"],
        has_sampler=has_sampler,
        is_mixture=has_sampler and len(portable.networks["sampler"].inputs) > 1,
    )
    texts = {form: scripts.text(form, shapes) for form in chosen}
    for form, script in texts.items():
        where.write_text(f"use_{form}.py", script)
    where.write_text("model.json", json.dumps(about, indent=2) + "\n")
    where.write_text(
        "README.md",
        card.text(facts, about=about, deviations=deviations, scripts=texts, licence=licence),
    )
    where.write_text("SHA256SUMS", _checksums(where.path))


def _checksums(path: pathlib.Path) -> str:
    """As `sha256sum` writes them, by name."""
    files = sorted(each for each in path.iterdir() if each.name != "SHA256SUMS")
    return "".join(f"{hashlib.sha256(each.read_bytes()).hexdigest()}  {each.name}\n" for each in files)


def _clear(path: pathlib.Path, is_new: bool) -> None:
    if is_new:
        shutil.rmtree(path, ignore_errors=True)
        return
    for each in path.iterdir():
        each.unlink()
