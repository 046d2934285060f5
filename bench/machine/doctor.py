"""`bench doctor`: what works on this machine, and what to do about the rest."""

import json
import pathlib
import subprocess
import sys

import rich.console

from bench import datasets
from bench.errors import BackendError
from bench.machine import backend, gpus, threads
from bench.machine.backend import BACKENDS

# Run in a process of its own: a process has one backend, for good.
_PROBE = """
import json, sys
from bench.machine import backend, provenance
backend.activate(sys.argv[1])
import keras
value = float(keras.ops.sum(keras.ops.ones((2, 2)) @ keras.ops.ones((2, 2))))
print(json.dumps({"keras": keras.__version__, "sum": value, **provenance.machine(sys.argv[1])}))
"""


def run() -> int:
    """Check every backend and data set, say what to do about each that is missing; 3 if none works."""
    console = rich.console.Console(highlight=False, soft_wrap=True)
    console.print(f"python {sys.version.split()[0]}, {threads.available()} cores")
    working = [name for name in BACKENDS if _show_backend(console, name)]
    broken = datasets.damaged()
    for name, absent in datasets.missing().items():
        state = f"will be downloaded by Keras when first used (no {absent})" if absent else "here"
        if broken[name]:
            state = f"damaged; delete {broken[name]}, so that Keras downloads it again"
        console.print(f"data set {name}: {state}", markup=False)
    if not working:
        console.print("no backend works: install one with: pip install torch", style="red")
        return BackendError.exit_code
    return 0


def _show_backend(console: rich.console.Console, name: str) -> bool:
    if not backend.installed(name):
        console.print(f"backend {name}: not installed; pip install {name}")
        return False
    done = subprocess.run(
        [sys.executable, "-c", _PROBE, name],
        capture_output=True,
        text=True,
        cwd=pathlib.Path(__file__).parents[2],
    )
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        console.print(f"backend {name}: broken: {last}", style="red", markup=False)
        return False
    found = json.loads(done.stdout.strip().splitlines()[-1])
    threads = f", {found['threads']} threads" if found["threads"] else ""
    idle = f"; {gpus.unused(name)}" if found["device"] == "cpu" and gpus.visible() else ""
    about = f"Keras {found['keras']}, device {found['device']}{threads}{idle}"
    console.print(f"backend {name}: works ({about})", markup=False)
    return True
