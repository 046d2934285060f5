"""The objective of a batch as a flat list of torch's operations, without the layers of Keras around them."""

from collections.abc import Callable

import keras
import torch
from torch.fx.experimental.proxy_tensor import make_fx

from bench.models.autoencoder import Autoencoder
from bench.models.batch import Batch

Objective = Callable[[Batch], tuple[torch.Tensor, dict[str, torch.Tensor]]]

# What tracing may put other operations in place of: nothing. By default a version of torch may drop the
# `detach` of a stop-gradient, and train another model than the other backends.
_AS_THEY_ARE: dict[object, Callable[..., object]] = {}


def plain(model: Autoencoder) -> Objective:
    """A batch to the training loss and its terms for each image."""

    def objective(batch: Batch) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
        outputs = model.respond(batch, model.draw(len(batch.images)), True)
        return model.assess(batch, outputs, training=True)

    return objective


def traced(model: Autoencoder, like: Batch) -> Objective:
    """The same for batches of one shape: runs once, and from then on repeats the operations that ran.

    Every layer of Keras costs about a third of a millisecond beyond its arithmetic, as much as the
    arithmetic of a small network. What is random is drawn outside, anew for each batch.

    Raises
    ------
    Exception
        Of nearly any kind, if what the model does depends on values, or cannot be recorded: its operations
        cannot be repeated for others.
    """
    trainable, others = model.trainable_variables, model.non_trainable_variables
    present = [name for name, value in like._asdict().items() if value is not None]
    names: list[str] = []

    def run(*values: torch.Tensor) -> list[torch.Tensor]:
        batch = Batch(**dict(zip(present, values, strict=False)))
        variables = [*trainable, *others]
        states, draws = values[len(present) :], values[len(present) + len(variables) :]
        with keras.StatelessScope(state_mapping=list(zip(variables, states, strict=False))) as scope:
            loss, terms = model.assess(batch, model.respond(batch, draws, True), training=True)
            after = [scope.get_current_value(variable) for variable in others]
        names[:] = terms
        return [loss, *terms.values(), *after]

    weights = [variable.value for variable in trainable]  # optimisers change them in place

    def arguments(batch: Batch) -> list[torch.Tensor]:
        draws = model.draw(len(batch.images))
        given = [value for value in batch if value is not None]
        return [*given, *weights, *(variable.value for variable in others), *draws]

    state = [variable.value.clone() for variable in others]
    try:
        graph = make_fx(run, decomposition_table=_AS_THEY_ARE)(*arguments(like))
    finally:
        for variable, value in zip(others, state, strict=True):
            variable.assign(value)  # as if nothing had been drawn

    def objective(batch: Batch) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
        loss, *rest = graph(*arguments(batch))
        for variable, value in zip(others, rest[len(names) :], strict=True):
            if value is not variable.value:
                variable.assign(value)
        return loss, dict(zip(names, rest, strict=False))

    return objective
