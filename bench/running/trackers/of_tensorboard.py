"""Trials in TensorBoard: a folder of events each, `tensorboard/<name>-<key>`, in the run folder."""

import io
import json
import re

import numpy as np
import PIL.Image

from bench.keeping.enclosure import said
from bench.keeping.store import RunFolder
from bench.running.trackers.telling import Told

FOLDER = "tensorboard"
_LONGEST = 80


class TensorBoard:
    """Writes event files, which `tensorboard --logdir` shows."""

    def __init__(self, folder: RunFolder) -> None:
        import tensorboardX

        self._make = tensorboardX.SummaryWriter
        self._folder = folder
        self.place = f"tensorboard --logdir {folder.path / FOLDER}"

    def add(self, told: Told) -> None:
        """Write a trial, in the place of an earlier one of its key."""
        name = f"{FOLDER}/{_named(told)}"
        self._folder.remove(name)
        path = self._folder.inside(f"{name}/events").parent
        with said("write", path):
            path.mkdir(parents=True, exist_ok=True)
        writer = self._make(str(path))
        try:
            writer.add_text("trial", told.name if told.status == "ok" else f"{told.name}: {told.error}")
            writer.add_text(
                "settings", "```\n" + json.dumps(dict(told.settings), indent=2, default=str) + "\n```"
            )
            for row in told.history:
                for name, value in row.items():
                    if name != "epoch":
                        writer.add_scalar(f"epochs/{name}", value, int(row["epoch"]))
            for name, value in told.measures.items():
                writer.add_scalar(f"measures/{name}", value, 0)
            for name, content in told.pictures.items():
                pixels = np.asarray(PIL.Image.open(io.BytesIO(content)).convert("RGB"))
                writer.add_image(name, pixels, dataformats="HWC")
        finally:
            writer.close()
        if told.model:
            self._folder.write_bytes(f"{name}/model.keras", told.model)

    def close(self) -> None:
        """Nothing comes any more: each trial has closed its file."""


def _named(told: Told) -> str:
    """A folder by which people tell it; of its name letters, digits and their like, for it is a path."""
    return re.sub(r"[^A-Za-z0-9_.]+", "-", told.name)[:_LONGEST].strip("-.") + f"-{told.key}"
