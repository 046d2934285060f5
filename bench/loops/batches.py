"""How an epoch is cut into batches that compiled code can run through."""

import numpy as np


def stacks(order: np.ndarray, batch_size: int) -> list[np.ndarray]:
    """Cut indices `(n,)` into batches that lie on one another: `(steps, batch_size)`, then `(1, rest)`.

    Two shapes, so that what is compiled for a shape is compiled twice at most.
    """
    steps = len(order) // batch_size
    full, rest = order[: steps * batch_size], order[steps * batch_size :]
    found = [full.reshape(steps, batch_size), rest[np.newaxis]]
    return [stack for stack in found if stack.size]
