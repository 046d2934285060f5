"""The objective of a batch as a flat list of torch's operations, without the layers of Keras around them."""

from collections.abc import Callable

import keras
import torch
from torch.fx.experimental.proxy_tensor import make_fx

from bench.models.autoencoder import Autoencoder

Objective = Callable[[torch.Tensor], tuple[torch.Tensor, dict[str, torch.Tensor]]]


def plain(model: Autoencoder) -> Objective:
    """Images to the training loss and its terms for each image."""

    def objective(images: torch.Tensor) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
        terms = model.terms(images, model(images, training=True))
        return model.objective(terms, training=True), terms

    return objective


def traced(model: Autoencoder, like: torch.Tensor) -> Objective:
    """The same for batches of one shape: runs once, and from then on repeats the operations that ran.

    Every layer of Keras costs about a third of a millisecond beyond its arithmetic, as much as the
    arithmetic of a small network. What is random is drawn outside, anew for each batch.

    Raises
    ------
    RuntimeError
        If what the model does depends on values: its operations cannot be repeated for others.
    """
    trainable, others = model.trainable_variables, model.non_trainable_variables
    names: list[str] = []

    def run(images: torch.Tensor, *values: torch.Tensor) -> list[torch.Tensor]:
        variables = [*trainable, *others]
        draws = values[len(variables) :]
        with keras.StatelessScope(state_mapping=list(zip(variables, values, strict=False))) as scope:
            terms = model.terms(images, model.respond(images, *draws))
            loss = model.objective(terms, training=True)
            after = [scope.get_current_value(variable) for variable in others]
        names[:] = terms
        return [loss, *terms.values(), *after]

    weights = [variable.value for variable in trainable]  # optimisers change them in place

    def arguments(images: torch.Tensor) -> list[torch.Tensor]:
        draws = model.draw(len(images))
        return [images, *weights, *(variable.value for variable in others), *draws]

    state = [variable.value.clone() for variable in others]
    try:
        graph = make_fx(run)(*arguments(like))
    finally:
        for variable, value in zip(others, state, strict=True):
            variable.assign(value)  # as if nothing had been drawn

    def objective(images: torch.Tensor) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
        loss, *rest = graph(*arguments(images))
        for variable, value in zip(others, rest[len(names) :], strict=True):
            if value is not variable.value:
                variable.assign(value)
        return loss, dict(zip(names, rest, strict=False))

    return objective
