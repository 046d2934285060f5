"""Models and architectures of the package and six plug-ins keep to the contract, on the active backend."""

import pytest

from bench import models
from bench.running import contract
from tests.conftest import BACKEND

from .conftest import NAMES

# The rest is checked on one backend.
EVERYWHERE = (contract._training,)


def kept(card):
    checks = contract.OF_MODELS if isinstance(card, models.ModelCard) else contract.OF_ARCHITECTURES
    for check in checks if BACKEND == "torch" else [one for one in checks if one in EVERYWHERE]:
        assert check(contract.Subject(card)) == "", check.__doc__


@pytest.mark.parametrize("name", NAMES)
def test_a_plug_in_keeps_to_the_contract(name, plugged):
    kept(plugged(name))


@pytest.mark.parametrize("name", ["ae", "vae"])
def test_a_model_of_the_package_keeps_to_the_contract(name):
    kept(models.MODELS[name])


@pytest.mark.parametrize("name", models.ARCHITECTURES)
def test_an_architecture_keeps_to_the_contract(name):
    kept(models.ARCHITECTURES[name])
