"""The cards of the models of this package: one a file in `families`.

Read before a backend is chosen: nothing here imports Keras.
"""

from . import aggregate, bounds, gaussian, plain
from .shared import BETA, KL_WARMUP

__all__ = ["BETA", "CARDS", "KL_WARMUP"]

_OLDEST = ("ae", "vae", "sigma_vae")  # stand first in every list
_ALL = {card.name: card for room in (plain, gaussian, aggregate, bounds) for card in room.CARDS}
CARDS = tuple(_ALL[name] for name in dict.fromkeys((*_OLDEST, *_ALL)))
