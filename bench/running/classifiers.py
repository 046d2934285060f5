"""Which classifiers a run compares images in the features of: its own, those of another run, or new ones."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from bench import errors
from bench.datasets import classes
from bench.keeping.feature_network import FeatureNetwork
from bench.keeping.store import RunFolder
from bench.running import execution
from bench.running.record import Record


class Classifiers:
    """Those of a run, by the name of the data set; `source` is the run whose are taken over, if any."""

    def __init__(
        self, folder: RunFolder, source: RunFolder | None, record: Record, say: Callable[[str], None]
    ) -> None:
        self._folder, self._source, self._record, self._say = folder, source, record, say
        self._taken: dict[str, bytes] = {}
        self.ready: dict[str, bytes] = {}

    def take_over(self, datasets: Mapping[str, Any], names: Collection[str]) -> None:
        """Read those of the other run, before anything in the folder changes.

        Raises
        ------
        RunFolderError
            If it has none for the images of a data set.
        """
        if self._source is None:
            return
        for name in sorted(names):
            self._taken[name] = self._source.features(datasets[name]["sha256"])
            if not FeatureNetwork.is_whole(self._taken[name]):
                raise errors.RunFolderError(
                    f"--features: {self._source.path} has no classifier of these images of {name}; expected "
                    "a run that measured generation on them, with its folder features/"
                )

    def prepare(self, engine: execution.Engine, names: Collection[str]) -> None:
        """One for each data set: that of the other run, the kept one, or a new one.

        Where none can be trained, trials run all the same, without the measures that need it.
        """
        for name in sorted(names):
            try:
                self.ready[name] = self._one(engine, name)
            except errors.BenchError:
                raise
            except Exception as error:
                self._say(
                    f"the classifiers in whose features images of {name} are compared could not be trained "
                    f"({errors.one_line(error)}): generation is not measured; the same command tries again"
                )

    def _one(self, engine: execution.Engine, name: str) -> bytes:
        sha256 = engine.facts["datasets"][name]["sha256"]
        kept = self._folder.features(sha256)
        content = self._taken.get(name) or kept
        if not FeatureNetwork.is_whole(content):
            self._say(_begun(name, engine.facts["datasets"][name]))
            content = engine.train_features(name)
        if content:
            network = FeatureNetwork.from_bytes(content)
            self._refuse_another(name, sha256, network)
            self._record.compared(name, network)
        if content != kept:
            self._folder.write_features(sha256, content)
        return content

    def _refuse_another(self, name: str, sha256: str, network: FeatureNetwork) -> None:
        """Where the classifiers of finished trials are gone, new ones have to be the same."""
        first, second = self._record.classifiers(name)
        found = network.second.fingerprint if network.second else None
        if first in (None, network.fingerprint) and second in (None, found):
            return
        if any("generation" in one.groups and one.data_sha256 == sha256 for one in self._folder.kept()):
            raise errors.RunFolderError(
                f"{self._folder.path / 'features'} has lost the classifier that trials on {name} were "
                "measured with, and a new one differs; bring it back, go on without generation "
                "(--measures basic), or choose another folder with --output"
            )


def _begun(name: str, about: Mapping[str, Any]) -> str:
    """What is made of a data set, as `run.json` says of it."""
    if not classes.can_be_told(about):
        return f"images of {name} are compared in the features of {classes.STAND_IN}: it has no two classes"
    return f"training the classifiers in whose features images of {name} are compared"
