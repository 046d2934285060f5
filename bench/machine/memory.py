"""The peak memory of a piece of work in a process that has done other work before."""

import contextlib
import ctypes
import pathlib
import resource
import sys

_CLEAR = pathlib.Path("/proc/self/clear_refs")
_STATUS = pathlib.Path("/proc/self/status")


def reset_peak() -> None:
    """Begin to measure anew, where the system can (Linux); elsewhere the peak is the process's.

    What earlier work has freed goes back to the system first: the allocator would keep some 100 MB of it.
    """
    with contextlib.suppress(OSError, AttributeError):  # not everywhere is the C library that of GNU
        ctypes.CDLL(None).malloc_trim(0)
    try:
        _CLEAR.write_text("5")
    except OSError:
        return


def peak_mb() -> float:
    """Largest resident memory since `reset_peak`, in MiB."""
    try:
        lines = _STATUS.read_text().splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024
    except (OSError, StopIteration):
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)
