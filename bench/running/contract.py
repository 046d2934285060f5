"""What every card of a plug-in has to keep to, as checks that anybody can run on theirs.

Each check gives what is wrong, in one line, or nothing; its docstring says what has to hold. They train small
networks on small images, on the active backend: a minute a model.
"""

import functools
from collections.abc import Callable, Iterator

import keras

from bench import errors, models
from bench.measures import TaskCard
from bench.running import contract_networks, contract_subject, contract_tasks, contract_views


def examine(card: models.Card) -> Iterator[tuple[str, str]]:
    """What a card has to keep to, and what is wrong with it: nothing where it does."""
    for check, run in _checks(card):
        try:
            problem = run()
        except errors.BenchError as error:
            problem = str(error)
        except Exception as error:
            problem = errors.one_line(error)
        yield (check.__doc__ or "").rstrip("."), problem
        if problem and check in contract_networks.NEEDED:
            return  # nothing that follows would say more


def _checks(card: models.Card) -> Iterator[tuple[Callable[..., str], Callable[[], str]]]:
    """Each, and what gives what is wrong."""
    if isinstance(card, TaskCard):
        images, backend = contract_subject.small(2), keras.backend.backend()
        yield from ((one, functools.partial(one, card, images, backend)) for one in contract_tasks.ALL)
    elif of_images := contract_views.OF_IMAGES.get(type(card)):
        yield from ((one, functools.partial(one, card)) for one in of_images)
    else:
        yield from contract_networks.of(card)
