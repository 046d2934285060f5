"""A log-likelihood of Keras on torch as a flat list of operations: a third of the time of one layer by layer.

Keras compiles on jax and TensorFlow by itself; on torch it runs layer by layer, each of which costs a third
of a millisecond beyond its arithmetic: as much as a block of codes that stays in the processor's cache.
"""

from collections.abc import Callable

import keras
import numpy as np

from bench.metrics.importance import LogLikelihood
from bench.models.log_likelihoods import Compiled


def block_values() -> int:
    """Codes times pixels of a call: torch passes over them again and again, the others once."""
    return 2**17 if keras.backend.backend() == "torch" else 2**19


def fast(model: Compiled) -> LogLikelihood:
    """`model.of_codes`, as fast as the backend can."""
    return _of_torch(model) if keras.backend.backend() == "torch" else model.of_codes


def _of_torch(model: Compiled) -> LogLikelihood:
    """Recorded once for each shape, and from then on repeated: what it does depends on no value."""
    import torch
    from torch.fx.experimental.proxy_tensor import make_fx

    graphs: dict[tuple[torch.Size, torch.Size], Callable[..., torch.Tensor]] = {}

    def run(images: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
        found: torch.Tensor = model.call({"images": images, "codes": codes})
        return found

    def of_codes(images: np.ndarray, codes: np.ndarray) -> np.ndarray:
        flat = np.asarray(images, np.float32).reshape(len(images), -1)
        given = [keras.ops.convert_to_tensor(each) for each in (flat, codes)]
        shapes = given[0].shape, given[1].shape
        with torch.no_grad():
            if shapes not in graphs:
                try:
                    graphs[shapes] = make_fx(run)(*given)
                except Exception:  # a layer of somebody's own that looks at a value: then step by step
                    graphs[shapes] = run
            found: np.ndarray = graphs[shapes](*given).cpu().numpy()
        return found

    return of_codes
