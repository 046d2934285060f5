"""What a trial leaves behind that did not end well."""

import traceback

from bench import paths
from bench.ask.trial import Unit
from bench.keeping.result import Outcome, Result


def outcome(
    unit: Unit, status: str, error: str, *, trace: str = "", log: str = "", sha256: str = ""
) -> Outcome:
    """A row that says why there are no numbers; the home folder, which names the user, is written `~`."""
    result = Result(
        unit=unit,
        status=status,
        data_sha256=sha256,
        error=paths.without_home(error),
        traceback=paths.without_home(trace),
        log=paths.without_home(log),
    )
    return Outcome(result=result)


def trace(error: BaseException) -> str:
    """The traceback of an exception."""
    return "".join(traceback.format_exception(error))
