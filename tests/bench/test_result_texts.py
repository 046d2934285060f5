"""What a result says in words: what codes were drawn from to generate."""

import json

import pytest

from bench import models, tasks
from bench.ask.trial import Trial
from bench.keeping.result import MOST_LETTERS, Result

TRIAL = Trial(
    dataset="digits",
    backend="torch",
    model="ae",
    architecture="dense",
    latent_dim=2,
    activation="relu",
    loss="mse",
    optimizer="adam",
    learning_rate=1e-3,
    batch_size=128,
    epochs=1,
    seed=0,
)


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("vae", {"prior": "N(0, I)"}),
        ("ae", {"prior": "N(0, I)", "no_prior": "a model that is trained without a prior"}),
    ],
)
def test_a_measurement_says_what_codes_are_drawn_from(model, expected, digits):
    made = models.create(model, image_shape=digits.image_shape, latent_dim=2)
    assert tasks.measure(made, digits, groups=()).texts == expected


def test_they_are_kept_with_the_result_a_line_each():
    result = Result(unit=TRIAL, status="ok", texts={"prior": "two\nlines " + "x" * 400})
    again = Result.from_json(json.loads(json.dumps(result.to_json())))
    assert again.texts["prior"].startswith("two lines xxx") and len(again.texts["prior"]) == MOST_LETTERS


def test_a_result_without_any_is_written_as_before_there_were_any():
    assert "texts" not in Result(unit=TRIAL, status="ok").to_json()


@pytest.mark.parametrize("texts", [["N(0, I)"], {"prior": 1}, {"prior": "two\nlines"}, {"prior": "x" * 301}])
def test_a_text_of_another_form_makes_the_result_damaged(texts):
    content = Result(unit=TRIAL, status="ok").to_json() | {"texts": texts}
    with pytest.raises(ValueError, match="texts"):
        Result.from_json(content)
