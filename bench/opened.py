"""A run as data: `bench.open("reports/x")` gives its tables as pandas frames, its arrays, a model, a figure.

Pandas is imported by the first table, Keras by the first model, matplotlib by the first figure.
"""

import functools
import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from bench import errors
from bench.ask.trial import Trial
from bench.keeping import known_runs, trial_files
from bench.keeping.result import Result

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from bench.models.autoencoder import Autoencoder


class Run:
    """A finished, unfinished or published run, which is only read.

    Parameters
    ----------
    path
        A run folder, or its name in `reports/`.

    Attributes
    ----------
    folder
        Where it is.

    Raises
    ------
    RunFolderError
        In one line, if there is no such run, or it cannot be read.

    Examples
    --------
    >>> run = bench.open("reports/base-three-backends")
    >>> run.results.groupby("model")["test_mse"].mean()
    >>> run.history.query("trial == 'b5b6a4b2b3f1'").plot(x="epoch", y="val_loss")
    >>> run.model("best vae").encode(images)
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._run = known_runs.find(os.fspath(path))
        self._units = self._run.units()
        self.folder = self._run.path

    def __repr__(self) -> str:
        return f"bench.open({str(self.folder)!r})  # {len(self._results)} of {len(self._units)} finished"

    @property
    def record(self) -> dict[str, Any]:
        """`run.json`: the grid, the command, versions, machines, the hashes of the data."""
        return self._run.read_run()

    @functools.cached_property
    def _results(self) -> list[Result]:
        return self._run.results(self._units)

    @functools.cached_property
    def results(self) -> "pd.DataFrame":
        """A row a trial or baseline that finished or failed: `trial` (its key), `status`, settings, measures.

        The columns of `results.csv` come first, in their order; then every other measure of the run, and
        `kind`: trial, baseline or external.
        """
        from bench.keeping import tables

        kinds = [type(result.unit).__name__.lower() for result in self._results]
        return tables.frame(self._results).assign(kind=kinds)

    @functools.cached_property
    def summary(self) -> "pd.DataFrame":
        """A row a configuration: settings, `n` seeds, and `<measure>_mean`, `_low`, `_high`.

        As `summary.csv`, 95 % by Student's t: only trials that ended well count; one seed has no interval.
        """
        from bench.keeping import tables

        return tables.summary(self._results)

    @functools.cached_property
    def history(self) -> "pd.DataFrame":
        """A row a trial and epoch: `trial`, `epoch`, `loss`, `val_loss`, and the terms of the objective."""
        import pandas as pd

        trials = [result.unit for result in self._results if isinstance(result.unit, Trial)]
        rows = [{"trial": unit.key, **row} for unit in trials for row in self._run.history(unit)]
        table = pd.DataFrame(rows, columns=None if rows else ["trial", *trial_files.LOSSES])
        return table.astype({"epoch": int})

    def images(self, name: str = "image_mse") -> "pd.DataFrame":
        """Numbers of each test image: a row a trial or baseline that has them, by key; a column an image.

        Parameters
        ----------
        name
            Which: `image_mse`, `image_latent_accuracy`, ...

        Raises
        ------
        UsageError
            If no trial has it, with those there are.
        """
        import pandas as pd

        of_each = {result.unit.key: self._run.images(result.unit) for result in self._results}
        found = {key: arrays[name] for key, arrays in of_each.items() if name in arrays}
        known = {
            each for arrays in of_each.values() for each in arrays if each.startswith(trial_files.BY_IMAGE)
        }
        if name not in known:
            raise errors.UsageError(f"{self.folder}: {errors.unknown('numbers of images', name, known)}")
        return pd.DataFrame.from_dict(found, orient="index").rename_axis(index="trial", columns="image")

    def arrays(self, trial: str) -> "dict[str, np.ndarray]":
        """All arrays that a trial left, by name: pictures `(n, h, w, c)` uint8, points of its codes, ...

        Raises
        ------
        UsageError
            If there is no trial of that key.
        """
        found = {unit.key: unit for unit in self._units}
        if trial not in found:
            raise errors.UsageError(
                f"{self.folder}: no trial {trial!r}; expected a key from the column trial of results"
            )
        return self._run.images(found[trial])

    def model(self, which: str = "best", plugins: Iterable[str | os.PathLike[str]] = ()) -> "Autoencoder":
        """A trained model that the run has kept, as `bench.models.load` chooses and loads it.

        Raises
        ------
        ValueError
            In one line, if nothing is meant by these words, or its model was not saved.
        """
        from bench import models

        return models.load(self.folder, which, plugins)

    @functools.cached_property
    def figures(self) -> dict[str, bytes]:
        """The figures of the report by name, drawn anew: SVG of charts (`.svg`), PNG of pictures (`.png`)."""
        from bench import report

        return report.figures(self._run)

    def figure(self, name: str) -> bytes:
        """One of `figures`.

        Raises
        ------
        UsageError
            If there is none of that name, with those that are most like it.
        """
        if name not in self.figures:
            told = errors.unknown_of_many("figure", name, self.figures, "which list(run.figures) names")
            raise errors.UsageError(f"{self.folder}: {told}")
        return self.figures[name]
