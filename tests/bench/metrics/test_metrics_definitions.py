"""The table of measures, and the names that the package exports."""

import ast
import dataclasses
import pathlib
import re
import subprocess
import sys

import pytest

from bench import measures, metrics
from bench.report.sections.protocol import PROTOCOL

EVERY = measures.every()


def test_every_measure_is_defined_once() -> None:
    of_tasks = [one for card in measures.TASKS.values() for one in (*card.measures, *card.counterparts)]
    names = [one.name for one in of_tasks]
    assert len(set(names)) == len(names)
    assert set(names) < {one.name for one in EVERY}
    assert [measures.named(one.name) for one in EVERY] == list(EVERY)


def test_a_counterpart_says_that_it_decides_and_is_shown_alike() -> None:
    for reported, deciding in measures.counterparts().items():
        one, other = measures.named(reported), measures.named(deciding)
        assert (other.better, other.digits, other.shown) == (one.better, one.digits, one.shown)
        assert other.label == f"Val. {one.label}" and "It decides" in other.text


def test_what_has_a_purpose_is_chosen_on_validation_images_in_one_direction() -> None:
    with pytest.raises(ValueError, match="expected a counterpart on validation images"):
        measures.Measure(name="test_x", label="X", better="lower", text="X.", purpose="Have X")
    with pytest.raises(ValueError, match="begins with validation_"):
        measures.Measure(name="test_x", label="X", better="lower", text="X.", validation="x")


def test_tables_hold_what_they_held() -> None:
    assert measures.of_table("leaderboard") == (
        *("test_mse", "test_psnr", "test_ssim", "test_bce", "test_bce_excess", "test_kl", "active_units"),
        *("latent_accuracy", "latent_knn_accuracy"),
    )
    assert measures.of_table("compare") == (
        *("test_mse", "test_ssim", "test_elbo", "latent_accuracy", "latent_knn_accuracy"),
        *("frechet_prior", "frechet_mixture"),
    )


def test_times_of_networks_are_defined_in_seconds() -> None:
    assert [measures.named(name).unit for name in measures.TIMES] == ["s"] * len(measures.TIMES)


def test_labels_are_unique_and_short() -> None:
    labels = [definition.label for definition in EVERY]
    assert len(set(labels)) == len(labels)
    assert max(map(len, labels)) <= 20


@pytest.mark.parametrize("definition", EVERY, ids=[one.name for one in EVERY])
def test_definitions_are_sentences_and_directions_are_known(definition: measures.Measure) -> None:
    assert definition.text.endswith(".")
    assert definition.better in ("lower", "higher", "")


def test_every_paper_that_a_report_names_is_listed_in_full_and_no_other() -> None:
    texts = [each.text + each.paper for each in EVERY] + [text for _, text in PROTOCOL]
    named = {
        name for text in texts for name in re.findall(r"(?:[A-Z]\w+ & )?[A-Z]\w+(?: et al\.)? \d{4}", text)
    }
    assert named == set(measures.REFERENCES)
    assert list(measures.REFERENCES) == sorted(measures.REFERENCES)
    for name, reference in measures.REFERENCES.items():
        author, year = re.split(r"\W", name)[0], name[-4:]
        assert reference.startswith(f"{author}, ") and reference.endswith(f"{year}.")


def test_definitions_are_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        EVERY[0].label = "other"


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
    for path in pathlib.Path(measures.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                imported.add(node.module or "")
            elif isinstance(node, ast.Import):
                imported.update(name.name for name in node.names)
    others = {name for name in imported if not name.startswith(measures.__name__)}
    assert others == {
        "dataclasses",
        "typing",
        "re",
        "contextlib",
        "collections.abc",
        "bench.models",
        "bench.models.cards",
    }
