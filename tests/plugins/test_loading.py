"""A saved model of a plug-in is loaded with its file, in a process that knows nothing of it."""

import os
import subprocess
import sys

import pytest

from bench import models
from bench.models import plugins
from bench.training import fit
from tests.conftest import BACKEND, REPOSITORY

from .conftest import HERE

pytestmark = pytest.mark.skipif(BACKEND != "torch", reason="no backend has a line of its own for it")
BROKEN = """
from bench import ModelCard, add
import nothing_of_this_name
add(ModelCard(name="broken", title="broken", code="Broken"))
"""


def load(path, *files):
    script = (
        "import sys, numpy; from bench import models; "
        "model = models.load(sys.argv[1], plugins=sys.argv[2:]); "
        "print(type(model).__name__, float(numpy.abs(model.encode(numpy.ones((1, 8, 8, 1)))).sum()) > 0)"
    )
    return subprocess.run(
        [sys.executable, "-c", script, str(path), *map(str, files)],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), "KERAS_BACKEND": BACKEND},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_model_comes_back_with_its_file_and_one_that_is_broken_stands_in_no_way(plugged, tmp_path):
    plugged("wae")
    model = models.create("wae", image_shape=(8, 8, 1), latent_dim=2)
    path, broken = tmp_path / "model.keras", tmp_path / "broken.py"
    path.write_bytes(fit.to_bytes(model))
    broken.write_text(BROKEN)
    found = load(path, broken, HERE / "wae.py")
    assert found.stdout.split() == ["WassersteinAutoencoder", "True"], found.stderr
    alone = load(path)
    assert "give the file of a plug-in (plugins=[...])" in alone.stderr.splitlines()[-1]


@pytest.mark.usefixtures("forgotten")
def test_a_broken_one_is_named_where_nothing_can_be_loaded(tmp_path):
    (tmp_path / "broken.py").write_text(BROKEN)
    with pytest.raises(ValueError, match="No module named 'nothing_of_this_name'"):
        models.load(tmp_path / "model.keras", plugins=[tmp_path / "broken.py"])
    with pytest.raises(plugins.PluginError, match="expected Python"):
        (tmp_path / "odd.py").write_text("def (")
        models.load(tmp_path / "model.keras", plugins=[tmp_path / "odd.py"])
