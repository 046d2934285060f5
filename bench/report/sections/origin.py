"""What ran where, and how to run it again, as pairs of a word and a text."""

import datetime
import shlex
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bench import foreign
from bench.keeping import networks
from bench.report import words
from bench.report.blocks.section import Blocks, Facts, Fold, Heading, Lines, text
from bench.report.evidence import Evidence, machines
from bench.report.sections import citation, downloads

Words = list[tuple[str, str]]
MOST_KEYS = 6  # in a list


def section(evidence: Evidence, since: Blocks = ()) -> Blocks:
    """Where the numbers come from, the numbers themselves, and how to make and to cite them again.

    `since` says what changed since an earlier run.
    """
    times = networks.timed(evidence.folder, evidence.planned)
    why, entry = caveat(evidence), citation.bibtex(evidence.run)
    cited = text("With the commit, since numbers may change from one to the next.")
    return (
        Fold(
            title="Command, commit, versions, machine and data", blocks=(Facts(facts=tuple(facts(evidence))),)
        ),
        *since,
        Heading(text="The numbers", id="data"),
        downloads.downloads(evidence.results, times),
        Fold(
            title="How to run it again: the commands, from a checkout",
            blocks=(Lines(text=commands(evidence)), *([text(why)] if why else [])),
            id="reproduce",
        ),
        *(
            [Fold(title="How to cite it: BibTeX", blocks=(cited, Lines(text=entry)), id="cite")]
            if entry
            else []
        ),
    )


def facts(evidence: Evidence) -> Words:
    """Provenance; what `run.json` does not have is left out."""
    run = evidence.run
    found = [
        ("Command", run.get("command")),
        ("Grid", _grid(run.get("grid") or {})),
        (
            words.capital("backends" if len(evidence.backends) > 1 else "backend"),
            ", ".join(evidence.backends),
        ),
        ("Commit", _each(evidence, "git", _commit)),
        ("Versions", _each(evidence, "versions", _versions)),
        *((f"Data: {words.dataset(name)}", _data(data)) for name, data in run.get("datasets", {}).items()),
        *((f"Coder: {name}", _coder(about)) for name, about in run.get("coders", {}).items()),
        *machines.facts(evidence),
        ("Started", _time(run.get("started"))),
        ("Finished", _time(run.get("finished")) or "not yet"),
        ("Protocol", f"version {run['protocol']}"),
    ]
    sessions = run.get("sessions", [])
    if len(sessions) > 1:
        texts = (f"{_time(one['started'])} to {_time(one['finished']) or 'interruption'}" for one in sessions)
        found.append(("Sessions", "; ".join(texts)))
    found.append(("Left out", _left_out(run.get("left_out") or [])))
    return [(label, str(text)) for label, text in found if text]


def commands(evidence: Evidence) -> str:
    """A shell script that makes the run again, then its report alone."""
    run = evidence.run
    lines = []
    if git := run.get("git"):
        extras = ",".join(name for name in evidence.backends if name != "torch")  # which comes along
        lines += [
            f"git checkout {git['commit']}",
            f'python -m pip install ".[{extras}]"' if extras else "python -m pip install .",
        ]
    sessions = run.get("sessions") or [{"command": run.get("command", "python -m bench run")}]
    lines += [
        _with_backend(run.get("backend"), _pasted(command))
        for command in _last_of_each([session["command"] for session in sessions])
    ]
    # Where the folder lies is the reader's business: a report that is moved stays the same.
    lines.append(
        "python -m bench report RUN_FOLDER   # the report alone, without Keras; the folder of this file"
    )
    return "\n".join(lines)


def narrowed(evidence: Evidence, only: Mapping[str, Any], backend: str) -> str:
    """The command that the run ended with, for the trials of one backend that have these values alone."""
    runs = [line for line in commands(evidence).splitlines() if " -m bench run" in line]
    last = runs[-1] if runs else commands(evidence).splitlines()[-2]
    words = [f"--only {shlex.quote(f'{name}={value}')}" for name, value in only.items()]
    words += [f"--backend {shlex.quote(backend)}"] if len(evidence.backends) > 1 else []
    return _pasted(" ".join([last, *words]))


def _with_backend(backend: str | None, command: str) -> str:
    """The backend may have come from the environment of the run; a reader's may say another."""
    return command if not backend or "--backend" in command else f"KERAS_BACKEND={backend} {command}"


def _pasted(command: str) -> str:
    r"""A command whose characters that act are written as bash and zsh read them: `$'caf\xe9'`.

    A page shows `caf\xe9` for a byte that is no text, and in other quotes that is another name.
    """
    if foreign.visible(command) == command:
        return command
    try:
        return " ".join(map(_quoted, shlex.split(command)))
    except ValueError:  # quotes that do not end: nothing that this program wrote
        return command


def _quoted(word: str) -> str:
    if foreign.visible(word) == word:
        return shlex.quote(word)
    return "$'" + "".join(map(_ansi, word)) + "'"


def _ansi(character: str) -> str:
    if foreign.visible(character) == character:
        return f"\\{character}" if character in "'\\" else character
    return "".join(f"\\x{byte:02x}" for byte in character.encode("utf-8", errors="surrogateescape"))


def caveat(evidence: Evidence) -> str:
    """Why the commands may run another program than the run did; empty where one commit tells all of it."""
    commits = _of_sessions(evidence, "git")
    if None in commits:
        why = "The commit is not known"
    elif any(commit["dirty"] for commit in commits):
        why = "The program had changes that were not committed"
    elif len(commits) > 1:
        return f"The sessions of this run had {len(commits)} commits of the program; the last is named here."
    else:
        return ""
    return f"{why}: these commands may run another version of it."


def started_on(evidence: Evidence) -> str:
    """The day of the run."""
    return str(evidence.run.get("started") or "")[:10]


def introduction(evidence: Evidence) -> str:
    """What the run is, in a sentence; the description of a grid that was changed is not that of the run."""
    grid = evidence.run.get("grid") or {}
    if grid.get("changed", False):
        return f"Grid {grid.get('name')}, changed from the command line (see Provenance)."
    told = grid.get("description") or ""
    return f"This run: {told}{'' if told.endswith(('.', '?', '!')) else '.'}" if told else ""


def _grid(grid: Mapping[str, Any]) -> str:
    if grid.get("changed", False):
        return f"{grid.get('name')}, changed from the command line"
    return ": ".join(text for text in (grid.get("name"), grid.get("description")) if text)


def _of_sessions(evidence: Evidence, name: str) -> list[Any]:
    """What the sessions that ran something say, each once."""
    said = [session[name] for session in evidence.run.get("sessions", []) if name in session]
    return [one for i, one in enumerate(said) if one not in said[:i]] or [evidence.run.get(name)]


def _coder(about: Mapping[str, str]) -> str:
    """What an external coder is, and what it was made by."""
    file = f"{about['coder']} in {about['file'].rpartition('/')[2]}, SHA-256 {about['sha256']}"
    return "; ".join(filter(None, (about.get("title"), file, about.get("library"))))


def _each(evidence: Evidence, name: str, text: Callable[[Any], str]) -> str:
    """The last first: it made the report; sessions before it may have had another."""
    last, *before = [text(one) for one in reversed(_of_sessions(evidence, name))]
    return last + (f" (earlier sessions: {'; '.join(before)})" if before else "")


def _versions(versions: Mapping[str, str] | None) -> str:
    return ", ".join(f"{name} {version}" for name, version in (versions or {}).items())


def _last_of_each(commands: Sequence[str]) -> list[str]:
    """Each once, where it stood last: whoever follows them ends with what the run ended with."""
    return [command for i, command in enumerate(commands) if command not in commands[i + 1 :]]


def _commit(git: Mapping[str, Any] | None) -> str:
    if not git:
        return "unknown: the program did not run from a git checkout"
    return git["commit"] + (", with changes that were not committed" if git["dirty"] else "")


def _left_out(keys: Sequence[str]) -> str:
    """Finished trials of another form of the grid."""
    if not keys:
        return ""
    one = len(keys) == 1
    more = f" and {len(keys) - MOST_KEYS} more" if len(keys) > MOST_KEYS else ""
    return (
        f"{words.count(len(keys), 'trial')} of an earlier form of the grid {'is' if one else 'are'} kept in "
        f"trials/ and left out of this report: {', '.join(keys[:MOST_KEYS])}{more}"
    )


def _data(data: Mapping[str, Any]) -> str:
    images = ", ".join(f"{count:,} {name}" for name, count in data["images"].items())
    checked = f"; {data['checked']}" if data.get("checked") else ""
    understood = f"; understood as: {data['understood']}" if data.get("understood") else ""
    return f"{images}; images of {size(data)}; SHA-256 {data['sha256']}{understood}{checked}"


def size(data: Mapping[str, Any]) -> str:
    """The shape of images: `28x28, grey`."""
    height, width, channels = data["image_shape"]
    depth = {1: "grey", 3: "colour"}.get(channels, words.count(channels, "channel"))
    return f"{height}x{width}, {depth}"


def _time(text: str | None) -> str:
    return datetime.datetime.fromisoformat(text).strftime("%Y-%m-%d %H:%M:%S UTC") if text else ""
