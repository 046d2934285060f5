"""Autoencoders in Keras 3 that run unchanged on torch, jax and TensorFlow.

Only `keras`, `keras.ops` and `keras.random` are used, and nothing is imported from `bench`, so that a
model can be taken away and used alone:

```python
from bench import models

model = models.load("model.keras")
codes = model.encode(images)  # images: (n, height, width, channels) in [0, 1]
```

Importing this package imports neither Keras nor a backend; `create` and `load` do.
"""

from .cards import ArchitectureCard, Card, ModelCard, Option
from .catalogue import ARCHITECTURES, LOSSES, MODELS, create, load
from .shelves import add

__all__ = [
    "ARCHITECTURES",
    "LOSSES",
    "MODELS",
    "ArchitectureCard",
    "Card",
    "ModelCard",
    "Option",
    "add",
    "create",
    "load",
]
