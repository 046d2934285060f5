"""Models and architectures of the package and four plug-ins keep to the contract, on the active backend."""

import pytest

from bench import models
from bench.ask import plugins
from bench.running import contract_networks as contract
from tests.conftest import BACKEND, REPOSITORY

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


# Each model on torch; elsewhere those that use what the others do: a state, several codes, a learned prior.
CHECKED = models.MODELS if BACKEND == "torch" else ("ae", "vae", "sigma_vae", "iwae", "vamp")


@pytest.mark.parametrize("name", CHECKED)
def test_a_model_of_the_package_keeps_to_the_contract(name):
    kept(models.MODELS[name])


@pytest.mark.parametrize("name", models.ARCHITECTURES)
def test_an_architecture_keeps_to_the_contract(name):
    kept(models.ARCHITECTURES[name])


@pytest.mark.skipif(BACKEND != "torch", reason="what the README shows is checked on one backend")
@pytest.mark.usefixtures("forgotten")
def test_the_model_of_the_readme_keeps_to_the_contract_as_it_is_written(tmp_path):
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8").partition("## Your own model")[2]
    path = tmp_path / "sparse.py"
    path.write_text(text.partition("```python\n")[2].partition("```")[0])
    plugins.load([str(path)])
    kept(models.MODELS["sparse"])
