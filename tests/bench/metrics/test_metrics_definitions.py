"""The table of measures, and the names that the package exports."""

import dataclasses
import subprocess
import sys

import pytest

from bench import metrics
from bench.metrics import definitions

COLUMNS = [
    "test_mse",
    "test_psnr",
    "test_ssim",
    "test_bce",
    "test_bce_excess",
    "test_kl",
    "test_elbo",
    "active_units",
    "latent_accuracy",
    "latent_knn_accuracy",
    "test_mse_sampled",
    "test_psnr_sampled",
    "test_ssim_sampled",
    "test_bce_sampled",
    "test_bce_excess_sampled",
    "validation_loss",
    "latent_accuracy_iterations",
    "latent_accuracy_converged",
    "parameters",
    "fit_seconds",
    "epoch_seconds",
    "trials_beside",
    "peak_memory_mb",
    "measure_seconds",
    "best_epoch",
    "step_seconds",
    "encode_1_seconds",
    "decode_1_seconds",
    "encode_128_seconds",
    "decode_128_seconds",
    "compile_seconds",
]


def test_every_measure_is_defined_once() -> None:
    assert [definition.name for definition in definitions.DEFINITIONS] == COLUMNS
    assert list(definitions.BY_NAME) == COLUMNS


def test_times_of_networks_are_defined_in_seconds() -> None:
    assert [definitions.BY_NAME[name].unit for name in definitions.TIMES] == ["s"] * len(definitions.TIMES)


def test_labels_are_unique_and_short() -> None:
    labels = [definition.label for definition in definitions.DEFINITIONS]
    assert len(set(labels)) == len(labels)
    assert max(map(len, labels)) <= 16


@pytest.mark.parametrize("definition", definitions.DEFINITIONS, ids=COLUMNS)
def test_definitions_are_sentences_and_directions_are_known(definition: definitions.Definition) -> None:
    assert definition.text.endswith(".")
    assert definition.better in ("lower", "higher", "")


def test_definitions_are_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        definitions.DEFINITIONS[0].label = "other"


def test_exported_names_exist_and_are_sorted() -> None:
    assert sorted(metrics.__all__) == list(metrics.__all__)
    assert all(hasattr(metrics, name) for name in metrics.__all__)


def test_importing_the_metrics_loads_nothing_heavy() -> None:
    unwanted = "{'keras', 'torch', 'jax', 'tensorflow', 'pandas', 'sklearn'}"
    code = f"import sys, bench.metrics; print(sorted({unwanted} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_definitions_themselves_import_nothing_but_the_standard_library() -> None:
    code = f"import runpy, sys; runpy.run_path({definitions.__file__!r}); print('numpy' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "False"
