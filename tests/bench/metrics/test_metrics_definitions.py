"""The table of measures, and the names that the package exports."""

import ast
import dataclasses
import pathlib
import re
import subprocess
import sys

import pytest

from bench import metrics
from bench.metrics import definitions
from bench.report.protocol import PROTOCOL

SPREAD = ("frechet", "kernel", "precision", "recall", "density", "coverage")
CORRUPTIONS = ("noise_10", "noise_30", "occluded")
COLUMNS = [
    "test_mse",
    "test_mse_unclipped",
    "test_psnr",
    "test_ssim",
    "test_bce",
    "test_bce_excess",
    "test_mse_sampled",
    "test_psnr_sampled",
    "test_ssim_sampled",
    "test_bce_sampled",
    "test_bce_excess_sampled",
    "mse_quantiles",
    *(f"class_{name}" for name in ("mse", "psnr", "ssim", "bce", "bce_excess")),
    *(f"image_{name}" for name in ("mse", "psnr", "ssim", "bce", "bce_excess")),
    "test_kl",
    "dimension_kl",
    "mutual_information",
    "marginal_kl",
    "latent_mmd",
    "test_elbo",
    "active_units",
    "effective_rank",
    "latent_accuracy",
    "latent_accuracy_iterations",
    "latent_accuracy_converged",
    "latent_knn_accuracy",
    "latent_low_label_accuracy",
    "latent_nmi",
    "latent_ari",
    *(f"{name}_prior" for name in (*SPREAD, "nearest")),
    *(f"{name}_mixture" for name in (*SPREAD, "nearest")),
    *(f"{name}_reconstructed" for name in SPREAD),
    "test_iw_bound",
    "test_log_likelihood",
    "test_log_likelihood_fitted",
    *(f"test_mse_{name}" for name in CORRUPTIONS),
    *(f"latent_accuracy_{name}" for name in CORRUPTIONS),
    "ood_auroc_error",
    "ood_auroc_elbo",
    *("validation_mse", "validation_accuracy", "validation_knn_accuracy", "validation_low_label_accuracy"),
    *("validation_frechet_prior", "validation_frechet_mixture"),
    "validation_loss",
    "best_epoch",
    "parameters",
    "fit_seconds",
    "epoch_seconds",
    "trials_beside",
    "peak_memory_mb",
    "measure_seconds",
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
    assert max(map(len, labels)) <= 20


@pytest.mark.parametrize("definition", definitions.DEFINITIONS, ids=COLUMNS)
def test_definitions_are_sentences_and_directions_are_known(definition: definitions.Definition) -> None:
    assert definition.text.endswith(".")
    assert definition.better in ("lower", "higher", "")


def test_every_paper_that_a_report_names_is_listed_in_full_and_no_other() -> None:
    texts = [each.text + each.paper for each in definitions.DEFINITIONS] + [text for _, text in PROTOCOL]
    named = {
        name for text in texts for name in re.findall(r"(?:[A-Z]\w+ & )?[A-Z]\w+(?: et al\.)? \d{4}", text)
    }
    assert named == set(definitions.REFERENCES)
    assert list(definitions.REFERENCES) == sorted(definitions.REFERENCES)
    for name, reference in definitions.REFERENCES.items():
        author, year = re.split(r"\W", name)[0], name[-4:]
        assert reference.startswith(f"{author}, ") and reference.endswith(f"{year}.")


def test_definitions_are_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        definitions.DEFINITIONS[0].label = "other"


def test_exported_names_exist_once() -> None:
    assert len(set(metrics.__all__)) == len(metrics.__all__)
    assert all(hasattr(metrics, name) for name in metrics.__all__)


def test_importing_the_metrics_loads_nothing_heavy() -> None:
    unwanted = "{'keras', 'torch', 'jax', 'tensorflow', 'pandas', 'sklearn'}"
    code = f"import sys, bench.metrics; print(sorted({unwanted} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_definitions_themselves_import_nothing_but_the_standard_library() -> None:
    imported = set()
    for path in pathlib.Path(definitions.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                imported.add(node.module or "")
            elif isinstance(node, ast.Import):
                imported.update(name.name for name in node.names)
    others = {name for name in imported if not name.startswith(definitions.__name__)}
    assert others == {"dataclasses", "typing"}
