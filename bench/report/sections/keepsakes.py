"""The trained models that the run has kept, to be taken away."""

import dataclasses
import math
import shlex
from collections.abc import Hashable

from bench.ask.trial import Trial
from bench.keeping.result import Result
from bench.report.blocks.section import Blocks, Fold, Lines, Text
from bench.report.blocks.table import Cell, Column, Row, Table, filters, measure_column, number_cell
from bench.report.evidence import Configuration, Evidence
from bench.report.evidence.naming import settings_of

_MEASURES = ("validation_loss", "test_mse", "latent_knn_accuracy")

_TEXT = (
    "These trained models lie beside this page: unless --save-models asked for others, those with the lowest "
    "validation loss of each model, architecture and training objective. Python that has this program "
    "installed, or runs in its checkout, loads one on any backend (KERAS_BACKEND) and encodes images:"
)
_LEAVES = (
    "To use one without this program, this command writes the best of them (or that of other words, or of a "
    "trial's key) as Keras and PyTorch files, and ONNX where its libraries are installed, with a model card "
    "and a short script for each."
)
_PLUGIN = 'A model of a plug-in needs its file, too: models.load("model.keras", plugins=["FILE.py"]).'


@dataclasses.dataclass(frozen=True, kw_only=True)
class Keepsakes:
    """Which trials' models are kept, and the lines of Python that use one."""

    table: Table
    code: str
    has_plugins: bool = False  # models whose file is needed to load them


def keepsakes(evidence: Evidence) -> Keepsakes | None:
    """The kept models in the order of the grid; None where there is none."""
    kept = [
        result
        for one in evidence.configurations
        for result in one.results
        if evidence.folder.has_model(result.unit)
    ]
    if not kept:
        return None
    columns = [Column(label="Trial", is_number=False), *map(measure_column, _MEASURES)]
    table = Table(
        id="table-models",
        caption="Trials whose models are kept, in the order of the grid",
        columns=(*columns, Column(label="Model", is_number=False)),
        rows=tuple(_row(evidence, result) for result in kept),
    )
    return Keepsakes(table=table, code=_code(evidence, _best(kept)), has_plugins=any(map(_is_plugged, kept)))


def fold(evidence: Evidence) -> Fold | None:
    """The kept models, and how to load them; None where there is none."""
    found = keepsakes(evidence)
    if found is None:
        return None
    more: Blocks = (Text(text=_PLUGIN),) if found.has_plugins else ()
    return Fold(
        title="Every trained model that is kept, and how to load one",
        blocks=(Text(text=_TEXT), Lines(text=found.code), *_leaving(evidence), *more, found.table),
    )


def _leaving(evidence: Evidence) -> Blocks:
    """The line that makes files of a kept model which need nothing of this program."""
    line = f"python -m bench export {shlex.quote(evidence.folder.path.name)} best --to my-model"
    return Text(text=_LEAVES), Lines(text=line)


def load(evidence: Evidence, one: Configuration) -> str:
    """The line that loads the model of a configuration; empty where none was kept."""
    kept = (result for result in one.results if evidence.folder.has_model(result.unit))
    return next((f'models.load("{_path(result)}")' for result in kept), "")


def _is_plugged(result: Result) -> bool:
    return isinstance(result.unit, Trial) and bool(result.unit.plugins)


def _row(evidence: Evidence, result: Result) -> Row:
    path = _path(result)
    return Row(
        cells=(
            Cell(text=evidence.name_of(result.unit)),
            *(number_cell(name, result.measures.get(name)) for name in _MEASURES),
            Cell(text=path, link=path),
        ),
        settings=filters(settings_of(result.unit)),
    )


def _best(kept: list[Result]) -> Result:
    """The lowest validation loss, among those that compare with the first."""
    alike = [one for one in kept if _objective(one) == _objective(kept[0])]
    return min(alike, key=lambda one: one.measures.get("validation_loss") or math.inf)


def _objective(result: Result) -> Hashable:
    return result.unit.objective if isinstance(result.unit, Trial) else None


def _code(evidence: Evidence, result: Result) -> str:
    data = evidence.run.get("datasets", {}).get(settings_of(result.unit)["dataset"], {})
    sizes = ", ".join(map(str, data["image_shape"])) if data else "height, width, channels"
    return (
        "from bench import models\n\n"
        f'model = models.load("{_path(result)}")\n'
        f"codes = model.encode(images)  # images: (n, {sizes}), float32 in [0, 1]\n"
    )


def _path(result: Result) -> str:
    return f"trials/{result.unit.key}/model.keras"
