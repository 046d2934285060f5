"""Prints `docs/families.md`: every model of the package, from its card, and what a step of it costs.

    python -m tests.family_page > docs/families.md             # with the costs that were measured before
    python -m tests.family_page --measure > docs/families.md   # measures them anew: some minutes

A step is one of training, dense, 16 dimensions, 128 images of 28x28; models take turns, ten rounds of them.
"""

import csv
import pathlib
import statistics
import sys
import time
from collections.abc import Iterator

from bench import models

COSTS = pathlib.Path(__file__).parents[1] / "docs" / "family-costs.csv"
ROUNDS, STEPS = 10, 40
_HEAD = """# Models

Each is one file in `models/families/` and one card in `models/model_cards/`; this page is made from the cards
(`python -m tests.family_page`). `x` is an image of `D` values in [0, 1], `f` the encoder, `g` the decoder,
`z` a code of `k` numbers, `q(z|x)` a posterior, `p(z)` a prior. `d(x, g(z))` is the loss of the trial, summed
over the values of an image: `mse` is a Gaussian of variance 1/2, so a weight here is twice that of code which
halves its squared error, and `bce` is a Bernoulli. The loss of a batch is the mean over its images, and a
penalty of all codes of a batch is added once. Every model is tested against its parent where its own idea is
off, and against what its paper says of it (`tests/models/families/`).

Cost is the time of a training step in those of `vae`: dense networks, 16 dimensions, 128 images of 28x28, on
two cores, median of ten rounds in turns on torch.
"""


def page(costs: dict[str, float]) -> str:
    """The page as text."""
    return "\n".join(
        (_HEAD, *_table(costs), "", *(line for card in models.MODELS.values() for line in _part(card)))
    )


def _table(costs: dict[str, float]) -> Iterator[str]:
    yield "| model | what it is | paper | held against | cost |"
    yield "|---|---|---|---|---:|"
    for card in models.MODELS.values():
        cost = f"{costs[card.name]:.2f}" if card.name in costs else ""
        named = f"[`{card.name}`](#{card.name}) | {card.title} | {card.paper}"
        yield f"| {named} | {_code(card.against)} | {cost} |"


def _part(card: models.ModelCard) -> Iterator[str]:
    yield from (f"## {card.name}", "", f"{card.title[0].upper()}{card.title[1:]} ({card.paper}).", "")
    yield from ("```", f"L = {card.formula}", "```", "")
    if card.options:
        yield "| option | what it does | here | there |"
        yield "|---|---|---|---|"
        for option in card.options:
            known = f" ({', '.join(option.known)})" if option.known else ""
            here = card.defaults.get(option.name, option.default)
            told = f"{_cell(option.text)}{known} | {here} | {_cell(option.source)}"
            yield f"| `{option.name}` | {told} |"
        yield ""
    if card.differs:
        yield from (f"Differs: {card.differs}", "")


def _code(name: str) -> str:
    return f"`{name}`" if name else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def measured() -> dict[str, float]:
    """Seconds of a step of each model, in those of `vae`."""
    import numpy as np

    from bench.ask import blocks
    from bench.training import fit, loops

    images = np.random.default_rng(0).random((STEPS * 128, 28, 28, 1), dtype="float32")
    order, ready = np.arange(len(images)), {}
    for name in models.MODELS:
        (trial,) = blocks.expand(blocks.checked({"model": [name], "dataset": ["fashion_mnist"]}), "torch")
        part = loops.part(images, np.zeros(len(images), int), ())
        ready[name] = loops.create(fit.build(trial, (28, 28, 1)), part, part, 128, ())
        ready[name].train(order)
    seconds: dict[str, list[float]] = {name: [] for name in ready}
    for _ in range(ROUNDS):
        for name, loop in ready.items():
            begin = time.perf_counter()
            loop.train(order)
            seconds[name].append(time.perf_counter() - begin)
    return {
        name: statistics.median(a / b for a, b in zip(own, seconds["vae"], strict=True))
        for name, own in seconds.items()
    }


def known() -> dict[str, float]:
    """Those that were measured before."""
    with COSTS.open(newline="", encoding="utf-8") as file:
        return {row["model"]: float(row["steps_of_vae"]) for row in csv.DictReader(file)}


if __name__ == "__main__":
    if "--measure" in sys.argv:
        rows = [{"model": name, "steps_of_vae": f"{value:.2f}"} for name, value in measured().items()]
        with COSTS.open("w", newline="", encoding="utf-8") as output:
            writer = csv.DictWriter(output, ("model", "steps_of_vae"), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    print(page(known()), end="")
