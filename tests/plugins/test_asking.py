"""How a plug-in is named and read, and what is said of one that cannot be used."""

import os
import pathlib
import subprocess
import sys
import textwrap

import pytest

from bench import errors
from bench.ask import grid
from bench.ask import plugins as asked
from bench.models import catalogue, model_cards
from tests.conftest import REPOSITORY

from .conftest import HERE

CARD = """
    from bench import ModelCard, Option, add
    add(ModelCard(name="mine", title="my model", code="Mine", against="ae"))
"""


def file(folder, text):
    path = folder / "mine.py"
    path.write_text(textwrap.dedent(text))
    return str(path)


@pytest.mark.usefixtures("forgotten")
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("def (", r"expected Python, received SyntaxError"),
        ("x = 1", r"expected a call of bench\.add with a card, found none"),
        (
            "from bench import add\nadd(3)",
            r"expected a card \(one of ModelCard, .*\), received 3",
        ),
        (CARD.replace('"mine"', '"vae"'), r"expected a name that is not taken, received 'vae'"),
        (CARD.replace('"mine"', '"My Model"'), r"line 3: ValueError: expected a name such as my_model"),
        (CARD.replace('"Mine"', "Mine"), r"line 3: NameError: .*name the class in code, as a text"),
        (CARD.replace("title=", "titel="), r"line 3: TypeError: .*titel"),
        (
            CARD.replace('against="ae"', 'options=(Option("mode", "fast", known=("slow",), text="?"),)'),
            r"line 3: ValueError: expected a default of mode that is known, received 'fast'",
        ),
        (
            CARD.replace('against="ae"', 'options=(Option("loss", 1, text="?"),)'),
            r"mine: expected options with names of their own, received loss, which all trials have",
        ),
        (
            CARD.replace('against="ae"', 'options=(Option("widths", 1, text="?"),)'),
            r"mine: expected options that 'dense' has not",
        ),
    ],
)
def test_what_is_no_plug_in_is_told_in_one_line(tmp_path, text, told):
    before = set(catalogue.MODELS)
    with pytest.raises(errors.UsageError, match=told) as raised:
        asked.load([file(tmp_path, text)])
    assert "\n" not in str(raised.value)
    assert set(catalogue.MODELS) == before


@pytest.mark.usefixtures("forgotten")
def test_a_plug_in_that_is_not_there_is_told(tmp_path):
    with pytest.raises(errors.UsageError, match=r"mine\.py: cannot be read: No such file"):
        asked.load([str(tmp_path / "mine.py")])


@pytest.mark.usefixtures("forgotten")
def test_a_grid_names_plug_ins_from_its_folder_and_uses_their_models(tmp_path):
    file(tmp_path, CARD)
    path = tmp_path / "grid.toml"
    path.write_text('plugins = ["mine.py"]\n[[block]]\nmodel = "mine"')
    loaded = grid.load(str(path))
    (trial,) = loaded.trials("torch")
    assert trial.model == "mine"
    (plugin,) = loaded.plugins
    assert trial.plugins == {"plugins": [plugin.sha256]}


@pytest.mark.usefixtures("forgotten")
def test_another_content_of_a_plug_in_makes_other_trials(tmp_path):
    keys = []
    for text in (CARD, CARD + "\n    # changed"):
        asked.load([file(tmp_path, text)])
        path = tmp_path / "grid.toml"
        path.write_text('[[block]]\nmodel = "mine"')
        keys.append(grid.load(str(path)).trials("torch")[0].key)
        catalogue.MODELS.pop("mine")
    assert keys[0] != keys[1]


def test_cards_of_a_plug_in_are_read_without_keras():
    script = (
        "import sys; from bench.ask import plugins; plugins.load(sys.argv[1:]); "
        "from bench import models; print(len(models.MODELS), 'keras' in sys.modules, 'numpy' in sys.modules)"
    )
    paths = [
        str(path) for path in HERE.glob("*.py") if "add(" in path.read_text() and "test" not in path.name
    ]
    process = subprocess.run(
        [sys.executable, "-c", script, *paths],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=True,
    )
    models = [path for path in paths if "ModelCard(" in pathlib.Path(path).read_text()]
    assert process.stdout.split()[:2] == [str(len(model_cards.CARDS) + len(models)), "False"]
