"""What plug-ins give, against closed forms, SciPy, and their neutral settings."""

import re

import numpy as np
import pytest
from keras import ops

from bench import models
from bench.models.batch import Batch
from bench.models.parts import divergences

from .conftest import HERE

IMAGES = np.random.default_rng(0).random((20, 8, 8, 1), dtype="float32")


def made(card, **settings):
    return models.create(card.name, image_shape=(8, 8, 1), **{"latent_dim": 3, **settings})


def terms(model, draws):
    batch = Batch(images=ops.convert_to_tensor(IMAGES))
    found = model.terms(batch, model.respond(batch, draws, False))
    return {name: ops.convert_to_numpy(values) for name, values in found.items()}


def test_the_mmd_of_a_batch_is_that_of_a_loop_over_pairs():
    first, second = np.random.default_rng(3).standard_normal((2, 6, 2)).astype("float32")

    def kernel(a, b):
        squared = float(np.square(a - b).sum())
        return sum(4 * scale / (4 * scale + squared) for scale in divergences.SCALES)

    among = sum(
        kernel(one[i], one[j]) for one in (first, second) for i in range(6) for j in range(6) if i != j
    )
    across = sum(kernel(a, b) for a in first for b in second)
    expected = among / 30 - 2 * across / 36
    found = divergences.mmd(ops.convert_to_tensor(first), ops.convert_to_tensor(second))
    assert float(ops.convert_to_numpy(found)) == pytest.approx(expected, abs=1e-4)
    alone = divergences.mmd(ops.convert_to_tensor(first[:1]), ops.convert_to_tensor(second[:1]))
    assert float(ops.convert_to_numpy(alone)) == 0


def test_without_its_weight_a_wae_is_a_plain_autoencoder(plugged):
    wae, ae = (made(card, seed=4) for card in (plugged("wae"), models.MODELS["ae"]))
    np.testing.assert_array_equal(wae.encode(IMAGES), ae.encode(IMAGES))
    batch = Batch(images=ops.convert_to_tensor(IMAGES))
    wae.mmd_weight = 0.0
    found = wae.terms(batch, wae.respond(batch, wae.draw(20), True))
    expected = terms(ae, ())["reconstruction"].mean()
    assert float(ops.convert_to_numpy(wae.objective(found, True))) == pytest.approx(expected, rel=1e-6)


def test_a_book_moves_to_the_mean_of_the_codes_that_chose_it(plugged):
    model = made(plugged("vq"), latent_dim=4, positions=2, book_size=3, seed=1)
    model.decay = 0.0
    batch = Batch(images=ops.convert_to_tensor(IMAGES))
    outputs = model.respond(batch, (), True)
    model.renew(batch, outputs)
    codes, chosen = (ops.convert_to_numpy(outputs[name]).reshape(40, -1) for name in ("codes", "chosen"))
    book = ops.convert_to_numpy(model.book)
    for index in range(3):
        if chosen[:, index].any():
            mean = codes[chosen[:, index] == 1].mean(axis=0)
            np.testing.assert_allclose(book[index], mean, rtol=1e-3, atol=1e-4)


def test_what_is_decoded_of_a_cvae_follows_the_label(plugged):
    model = made(plugged("cvae"), classes=3)
    codes = np.zeros((3, 6), "float32")
    codes[:, 3:] = np.eye(3)
    decoded = model.decode(codes)
    assert not np.allclose(decoded[0], decoded[1])
    assert model.encode(IMAGES)[:, 3:].sum(axis=1).tolist() == [1.0] * 20


def test_plug_ins_are_one_file_of_120_lines_with_a_card_of_8_lines_or_less():
    for path in sorted(HERE.glob("*.py")):
        lines = path.read_text().splitlines()
        if path.name in ("__init__.py", "conftest.py") or path.name.startswith("test_"):
            continue
        assert len(lines) <= 120, path
        begin = next(place for place, line in enumerate(lines) if re.match(r"(add\(|    )\w+Card\(", line))
        end = begin if lines[begin].endswith(")") else lines.index("    )", begin)
        assert end - begin - 1 <= 8, path
