"""The page of models says what their cards say."""

from bench import models
from tests import family_page
from tests.conftest import REPOSITORY


def test_the_page_of_models_is_made_from_the_cards_as_they_are():
    written = (REPOSITORY / "docs" / "families.md").read_text(encoding="utf-8")
    assert written == family_page.page(family_page.known())


def test_every_model_says_its_loss_its_paper_and_its_parent_and_its_cost_was_measured():
    for card in models.MODELS.values():
        assert card.formula and card.paper, card.name
        assert card.against or card.name == "ae"
    assert set(family_page.known()) == set(models.MODELS)


def test_a_family_is_a_file_of_120_lines_at_most():
    for path in sorted((REPOSITORY / "models" / "families").glob("*.py")):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 120, path.name
