"""An option that came later: trials of before stay what they are, and new ones have its new value."""

import dataclasses

from bench.ask import blocks, trial


def expanded(**chosen):
    (one,) = blocks.expand(blocks.checked({"model": ["cb_vae"], "dataset": ["digits"], **chosen}), "torch")
    return one


def test_a_new_trial_has_the_value_of_the_card_and_an_old_one_that_of_the_option():
    new, old = expanded(), expanded(logit_bound=[0.0])
    assert dict(new.options)["logit_bound"] == 16.0 and new == expanded(logit_bound=[16.0])
    record = old.settings()
    del record["options"]["logit_bound"]
    assert trial.from_settings(record) == old
    assert new.key != old.key
    assert new.key != dataclasses.replace(new, options=old.options).key
