"""All that a loop changes, as arrays: what a training needs to go on in another process as if in the same."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import keras
import numpy as np

Arrays = dict[str, np.ndarray]


class State(NamedTuple):
    """Arrays by name, and the states of generators of NumPy by name, as JSON can hold them."""

    arrays: Arrays
    generators: dict[str, dict[str, Any]]


def taken(variables: Sequence[keras.Variable], name: str) -> Arrays:
    """The values of variables, in their order, each a copy."""
    return {
        f"{name}/{place}": np.array(keras.ops.convert_to_numpy(variable))
        for place, variable in enumerate(variables)
    }


def put(variables: Sequence[keras.Variable], arrays: Mapping[str, np.ndarray], name: str) -> None:
    """The inverse of `taken`.

    Raises
    ------
    ValueError
        If these are not the arrays of these variables.
    """
    values = [value for key, value in arrays.items() if key.startswith(f"{name}/")]
    if [value.shape for value in values] != [tuple(variable.shape) for variable in variables]:
        raise ValueError(f"{name}: expected arrays of the shapes of the variables")
    for place, variable in enumerate(variables):
        variable.assign(arrays[f"{name}/{place}"])


def of_generator(generator: np.random.Generator) -> dict[str, Any]:
    """Where a generator of NumPy stands, as JSON can hold it."""
    return dict(generator.bit_generator.state)


def put_generator(generator: np.random.Generator, state: Mapping[str, Any]) -> None:
    """The inverse of `of_generator`; raises one of several errors for something else."""
    generator.bit_generator.state = state
