"""Models of pythae and `autoencoders`, by their own trainers on Fashion-MNIST: by default, and matched.

```sh
python examples/peers.py FOLDER                                     # trains all that FOLDER lacks, in turns
python -m bench run --grid examples/peers.toml --output RUN         # ours, to be measured
PEERS=FOLDER python -m bench measure examples/peers_coders.py:pythae_matched_vae --seeds 0,1,2 --into RUN
```

`own`: the network, batches, learning rate, epochs and weights that a library has where nothing is said (of
`autoencoders`, which has no network of its own, its MLP with the widths of ours).
`matched`: the dense network of this program with its initialisation, batches of 128, 1e-3 and 5 epochs, and
weights converted to this program's convention, a sum of squared errors and `beta` times the KL divergence.
Codes have 16 numbers. The epoch with the lowest loss on the last 10,000 training images is kept, as here.
`ours` trains the grid beside them, for the seconds alone: one after the other, on the same machine.
"""

import argparse
import dataclasses
import importlib
import json
import pathlib
import time
import types

import numpy as np
import peers_ours
import torch

from bench import datasets

LIBRARIES = ("pythae", "autoencoders")
NAMES = ("vae", "beta_vae", "wae_mmd", "beta_tc_vae", "rae_l2", "vq_vae")


def library(name: str) -> types.ModuleType:
    """What is beside this file of a library: `MODELS`, `TRAINING`, `build`, `fit`, `encoded`, `decoded`."""
    return importlib.import_module(f"peers_{name}")


def place(folder: pathlib.Path, where: str, settings: str, name: str, seed: int) -> pathlib.Path:
    """Where the weights and the seconds of a training lie."""
    return folder / f"{where}-{settings}-{name}-{seed}"


def few(dataset: datasets.Dataset, images: int | None) -> datasets.Dataset:
    """The first images alone of training and validation, where a number is given."""
    parts = {name: getattr(dataset, name).rows(slice(images)) for name in ("train", "validation")}
    return dataset if images is None else dataclasses.replace(dataset, **parts)


def train(
    folder: pathlib.Path,
    where: str,
    settings: str,
    name: str,
    seed: int,
    *,
    epochs: int | None = None,
    images: int | None = None,
) -> None:
    """Train by the library's own trainer, and keep the weights and the seconds that it took."""
    target = place(folder, where, settings, name, seed)
    if (target / "about.json").exists():
        return
    dataset = few(datasets.load_once("fashion_mnist"), images)
    if where == "ours":
        fit, asked = peers_ours.fitting(name, seed, dataset, epochs), {}
    else:
        theirs = library(where)
        asked = {**theirs.TRAINING[settings], **({} if epochs is None else {theirs.EPOCHS: epochs})}
        train, held = (
            torch.from_numpy(np.asarray(part.images)).flatten(1)
            for part in (dataset.train, dataset.validation)
        )
        torch.manual_seed(seed)
        model = theirs.build(settings, name)

        def fit() -> None:
            theirs.fit(model, asked, train, held, folder / "logs", seed)

    wall, processor = time.perf_counter(), time.process_time()
    fit()
    about = {
        "fit_seconds": time.perf_counter() - wall,
        "processor_seconds": time.process_time() - processor,
        **asked,
    }
    target.mkdir(parents=True, exist_ok=True)
    if where != "ours":
        torch.save(model.state_dict(), target / "weights.pt")
    (target / "about.json").write_text(json.dumps(about))
    print(
        target.name,
        f"{about['fit_seconds']:.1f} s, {about['processor_seconds']:.1f} s of the processor",
        flush=True,
    )


def main() -> None:
    """Train what a folder lacks, seed by seed and model by model, the libraries in turns."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--libraries", default=",".join((*LIBRARIES, "ours")))
    parser.add_argument("--models", default=",".join(NAMES))
    parser.add_argument("--settings", default="matched,own")
    parser.add_argument("--seeds", default="0,1,2")
    parser.add_argument("--epochs", type=int, help="instead of those of the settings")
    parser.add_argument("--images", type=int, help="this many alone, to try it")
    given = parser.parse_args()
    torch.set_num_threads(1)
    # In turns: a slow minute of the machine falls on all alike.
    for settings in given.settings.split(","):
        for seed in map(int, given.seeds.split(",")):
            for name in given.models.split(","):
                for where in given.libraries.split(","):
                    known = peers_ours.MODELS if where == "ours" else library(where).MODELS
                    if name in known and (where != "ours" or settings == "matched"):
                        train(
                            given.folder,
                            where,
                            settings,
                            name,
                            seed,
                            epochs=given.epochs,
                            images=given.images,
                        )


if __name__ == "__main__":
    main()
