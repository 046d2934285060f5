"""What is known of a trained model: its file, its trial, its configuration, and the data it saw."""

import dataclasses
import pathlib
from collections.abc import Mapping
from typing import Any

from bench import errors
from bench.ask.trial import Trial
from bench.keeping.result import Result
from bench.keeping.store import RunFolder
from bench.models import choosing
from bench.report import words
from bench.report.evidence import Configuration, Evidence, gather


@dataclasses.dataclass(frozen=True, kw_only=True)
class Facts:
    """A trained model of a run.

    Attributes
    ----------
    asked
        How it was asked for: `best vae`.
    by
        By what it was chosen: `lowest validation loss`; empty where no other was meant.
    path
        Its `.keras` file.
    configuration
        Its seeds that ended well, it among them.
    data
        What `run.json` says of its data set.
    """

    asked: str
    by: str
    path: pathlib.Path
    result: Result
    configuration: Configuration
    evidence: Evidence
    data: Mapping[str, Any]

    @property
    def trial(self) -> Trial:
        """Its settings."""
        assert isinstance(self.result.unit, Trial)  # only trials keep models
        return self.result.unit

    @property
    def name(self) -> str:
        """What tells it from other trials of the run."""
        return self.evidence.name_of(self.trial).replace(words.NBSP, " ")


def find(folder: RunFolder, asked: str) -> Facts:
    """The model that is meant.

    Raises
    ------
    RunFolderError
        In one line, if nothing is meant by these words, or its model was not saved.
    """
    try:
        path, by = choosing.choose(folder.path, asked)
    except ValueError as error:
        raise errors.RunFolderError(str(error)) from None
    evidence = gather(folder)
    for configuration in evidence.configurations:
        for result in configuration.results:
            if result.unit.key == path.parent.name:
                data = folder.read_run()["datasets"].get(result.unit.dataset, {})
                return Facts(
                    asked=asked,
                    by=by,
                    path=path,
                    result=result,
                    configuration=configuration,
                    evidence=evidence,
                    data=data,
                )
    raise errors.RunFolderError(
        f"{folder.path}: trial {path.parent.name} left no numbers that can be told (it collapsed, or its "
        "files are damaged); choose another by its key"
    )
