"""A run whose model and architecture are not known any more: it is read with the cards that it keeps."""

import dataclasses
import json
from typing import Any

import pytest

from bench import compare, errors, models
from bench.ask import known
from bench.ask.trial import Baseline, Trial
from bench.compare import reading, verdicts
from bench.keeping import tables
from bench.keeping.store import RunFolder
from bench.models.cards import ArchitectureCard, ModelCard, Option
from bench.report import words
from bench.report.evidence import gather
from bench.report.page import context
from bench.report.sections import findings
from bench.running import listing, publication

from .conftest import MakeRun, Written, ok, said, timed, trial

GONE = ModelCard(
    name="gone",
    title="a model of <b>somebody</b>",
    label="GONE-VAE",
    paper="Nobody 2026",
    code="families.gone:Gone",
    against="vae",
    options=(Option("gone_size", 5, minimum=1, text="how many", cost="step"),),
)
TOWER = ArchitectureCard(
    name="tower",
    title="towers",
    code="networks.tower",
    options=(Option("tower_kind", "high", known=("high", "low"), text="how high"),),
    defaults={"activation": "linear"},
)
OPTIONS = (("gone_size", 5), ("tower_kind", "high"))
SIZES = (2, 4, 8)


def unit(size: int = 8, seed: int = 0, **changed: object) -> Trial:
    chosen: dict[str, object] = {"model": "gone", "architecture": "tower", "activation": "linear"}
    return trial(latent_dim=size, seed=seed, options=OPTIONS, **{**chosen, **changed})


def vae(size: int, seed: int) -> Trial:
    options = (("beta", 1.0), ("kl_warmup", 0), ("tower_kind", "high"))
    return trial(
        model="vae", architecture="tower", activation="linear", latent_dim=size, seed=seed, options=options
    )


@pytest.fixture
def run(make_run: MakeRun, monkeypatch: pytest.MonkeyPatch) -> RunFolder:
    """Made while model and architecture were there; they are not any more."""
    monkeypatch.setitem(models.MODELS, "gone", GONE)
    monkeypatch.setitem(models.ARCHITECTURES, "tower", TOWER)
    results = [ok(make(size, seed)) for make in (unit, vae) for size in SIZES for seed in range(2)]
    results.append(ok(Baseline(dataset="digits", model="pca", latent_dim=8)))
    folder = make_run(results, cards=known.to_json(["gone", "vae"], ["tower"]))
    timed(folder, unit())
    folder.write_text("results.csv", tables.results_csv(folder.results(folder.units())))
    monkeypatch.delitem(models.MODELS, "gone")
    monkeypatch.delitem(models.ARCHITECTURES, "tower")
    return RunFolder(folder.path)


def changed(run: RunFolder, change: Any) -> RunFolder:
    """The same folder with another record."""
    path = run.path / "run.json"
    record = json.loads(path.read_text())
    change(record)
    path.write_text(json.dumps(record))
    return RunFolder(run.path)


def test_its_trials_have_the_keys_that_they_had(run: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = [one.key for one in run.units()]
    monkeypatch.setitem(models.MODELS, "gone", GONE)
    monkeypatch.setitem(models.ARCHITECTURES, "tower", TOWER)
    assert unit(2).key == keys[0]
    assert keys == [one.key for one in RunFolder(run.path).units()]
    assert len(run.results(run.units())) == len(keys) == 13


def test_it_is_reported_under_its_names_and_held_against_what_it_builds_on(
    run: RunFolder, written: Written
) -> None:
    page = written(run)
    assert "could not be made" not in page
    found = context.build(run)
    assert found.sections["versus"] == "VAE against gone"
    assert "gone: a model of <b>somebody</b> (Nobody 2026)." in said(found, "versus")
    assert "<b>somebody" not in page and "&lt;b&gt;somebody" in page
    assert not [one for one in findings.all_findings(gather(run)) if one.lost]


def test_it_is_called_as_it_was_in_the_page_and_by_compare(
    run: RunFolder, written: Written, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "VAE against GONE-VAE" in written(run)
    assert compare.run(str(run.path), str(run.path), "text", "0") == 0
    assert "GONE-VAE tower" in capsys.readouterr().out
    assert words.model("gone") == "gone"  # outside of the run nobody knows


def test_its_tables_are_written_again_to_the_same_bytes(run: RunFolder) -> None:
    before = (run.path / "results.csv").read_bytes()
    publication.publish(run)
    assert (run.path / "results.csv").read_bytes() == before
    assert "gone,tower" in (run.path / "timings.csv").read_text()


def test_it_is_published_and_read_from_there(run: RunFolder, tmp_path: Any) -> None:
    target = RunFolder(tmp_path / "published")
    publication.publish_to(target, run)
    assert len(RunFolder(target.path).results(run.units())) == 13


def test_it_is_compared_and_listed(run: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    side = reading.read(run)
    assert verdicts.compare(side, side).changes
    assert {dict(settings)["model"] for settings in side.values} == {"gone", "vae", "pca"}
    monkeypatch.setattr("bench.keeping.known_runs.REPORTS", run.path.parent)
    assert any(str(run.path) in line for line in listing.lines("runs"))


def test_a_name_that_neither_knows_is_said_in_one_line(run: RunFolder) -> None:
    bare = changed(run, lambda record: record.pop("cards"))
    with pytest.raises(errors.RunFolderError) as raised:
        bare.units()
    assert "model 'gone' is none of this program, and the run does not say what it was" in str(raised.value)
    assert "\n" not in str(raised.value)
    with pytest.raises(errors.RunFolderError, match="model 'gone' is none of this program"):
        reading.read(bare)


def test_the_catalogue_is_asked_before_the_run(run: RunFolder) -> None:
    """A run may say what it likes of a VAE."""

    def lie(record: dict[str, Any]) -> None:
        (card,) = (card for card in record["cards"]["models"] if card["name"] == "vae")
        card |= {"title": "a lie", "options": []}

    assert changed(run, lie).cards.model("vae").title == models.MODELS["vae"].title


def test_a_run_made_with_another_file_of_a_plug_in_is_read_with_its_own_card(
    make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its trials have the keys that they had, and the options of then."""
    before = dataclasses.replace(GONE, plugin="a" * 64)
    monkeypatch.setitem(models.MODELS, "gone", before)
    old = trial(model="gone", options=(("gone_size", 5),))
    folder = make_run([ok(old)], cards=known.to_json(["gone"], ["dense"]))
    monkeypatch.setitem(models.MODELS, "gone", dataclasses.replace(before, plugin="b" * 64, options=()))
    (again,) = RunFolder(folder.path).units()
    assert (again.key, again.model_card.plugin) == (old.key, "a" * 64)
    assert len(RunFolder(folder.path).results([again])) == 1


@pytest.mark.parametrize(
    "card",
    [
        {"name": "../gone", "title": "", "options": []},
        {"name": "<gone>", "title": "", "options": []},
        {"name": "gone", "title": "two\nlines", "options": []},
        {"name": "gone", "title": "x" * 301, "options": []},
        {"name": "gone", "title": "", "options": [{"name": "seed", "default": 1}]},
        {"name": "gone", "title": "", "options": [{"name": "binarize", "default": 1}]},
        {"name": "gone", "title": "", "options": [{"name": "__class__", "default": 1}]},
        {"name": "gone", "title": "", "options": [{"name": "size", "default": None}]},
        {"name": "gone", "title": "", "options": [{"name": "size", "default": float("nan")}]},
        {"name": "gone", "title": "", "options": [], "against": "a b"},
        {"name": "gone", "title": "", "options": "none"},
        {"name": "gone", "title": "", "options": [], "plugin": "mine.py"},
        "gone",
    ],
)
def test_a_card_of_another_form_is_refused_by_its_place(run: RunFolder, card: Any) -> None:
    damaged = changed(run, lambda record: record["cards"].update(models=[card]))
    with pytest.raises(errors.DamagedRecordError, match=r"cards\.models\.0"):
        damaged.units()


def test_a_value_that_its_card_does_not_take_is_refused(run: RunFolder) -> None:
    odd = changed(run, lambda record: record["units"][0]["options"].update(gone_size="many"))
    with pytest.raises(errors.RunFolderError, match="gone_size takes a whole number"):
        odd.units()


def test_a_run_keeps_the_cards_of_what_it_trains() -> None:
    kept = known.to_json(["vae", "ae", "vae"], ["gated"])
    assert [card["name"] for card in kept["models"]] == ["vae", "ae"]
    again = known.from_json(json.loads(json.dumps(kept)))
    assert again.models["vae"].options == tuple(models.MODELS["vae"].options)
    assert again.models["vae"].against == "ae"
    assert again.architectures["gated"].defaults == {"activation": "linear"}
