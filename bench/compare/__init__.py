"""`bench compare`: what changed from one run to another, and is it real.

```
reading   run folder -> its configurations, from run.json and results.csv alone
verdicts  two runs -> a change for each configuration and measure, with its verdict
formats   changes -> text, Markdown, JSON or HTML
```

Nothing here imports Keras or a backend, nor needs the trials' own folders.
"""

import math

from bench import errors

EXIT_OK, EXIT_WORSE = 0, 4


def run(before: str, after: str, form: str, threshold: str) -> int:
    """Print what changed, and return the exit code.

    Raises
    ------
    RunFolderError
        If a run is not there, cannot be read, or shares no configuration with the other.
    UsageError
        If the threshold is no share.
    """
    from bench.compare import formats, reading, verdicts
    from bench.keeping import known_runs
    from bench.report import words

    limit = _share(threshold)
    folders = known_runs.find(before), known_runs.find(after)
    cards = [card for folder in folders for card in folder.cards.models.values()]
    with words.of_run(cards):
        found = verdicts.compare(*map(reading.read, folders))
        print(formats.FORMATS[form](found, limit))
    return EXIT_WORSE if found.is_worse(limit) else EXIT_OK


def _share(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value < math.inf:
        raise errors.UsageError(f"--threshold: expected a share of at least 0, such as 0.02, got {text!r}")
    return value
