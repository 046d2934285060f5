"""Where trials ran: one machine a backend, told once where they are all the same."""

from collections.abc import Mapping
from typing import Any

from bench.report import words
from bench.report.evidence import Evidence

_FACTS = (
    ("System", "system"),
    ("Processor", "processor"),
    ("Cores", "cores"),
    ("Memory", "memory_gb"),
    ("Device", "device"),
    ("Workers", "workers"),
    ("Threads a worker", "threads"),
    ("Other versions on some workers", "other_versions"),
)


def facts(evidence: Evidence) -> list[tuple[str, str]]:
    """System, processor, device, workers and threads; what is not known is left out."""
    found = of(evidence)
    return [(label, text) for label, name in _FACTS if (text := _told(found, name))]


def of(evidence: Evidence) -> dict[str, Mapping[str, Any]]:
    """The machine of each backend; older runs noted one for all."""
    run = evidence.run
    if machines := run.get("machines"):
        return dict(machines)
    return {backend: run["machine"] for backend in evidence.backends if run.get("machine")}


def devices(evidence: Evidence) -> str:
    """The device of the trials: `cpu`, or by backend where they differ."""
    return _told(of(evidence), "device") or "an unknown device"


def conditions(evidence: Evidence) -> str:
    """What a time depends on, in a caption: `on cpu, 1 thread`."""
    threads = _told(of(evidence), "threads")
    if not threads.isdigit():
        return f"on {devices(evidence)}, threads: {threads or 'unknown'}"
    return f"on {devices(evidence)}, {words.count(int(threads), 'thread')}"


def _told(machines: Mapping[str, Mapping[str, Any]], name: str) -> str:
    """A fact once where it is the same for all, else one by one: `torch 2; jax 1`."""
    texts = {backend: _text(machine, name) for backend, machine in machines.items()}
    if len(set(texts.values())) < 2:
        return next(iter(texts.values()), "")
    return "; ".join(f"{backend} {text}" for backend, text in texts.items() if text)


def _text(machine: Mapping[str, Any], name: str) -> str:
    value = machine.get(name)
    if name == "threads":  # jax does not tell and TensorFlow tells its default; the bound holds for all
        value = machine.get("thread_bounds", {}).get("OMP_NUM_THREADS", value)
    if value is None:
        return ""
    if name == "memory_gb":
        return f"{value} GiB"
    if name == "other_versions":
        return "; ".join(value)
    return str(value)
