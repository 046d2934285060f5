"""What was found, in sentences. Each rule is a function: evidence in, a finding or nothing out.

Rules that hold for all of them:

- Configurations are held against each other with every other setting equal; where one has to be chosen,
  the lowest validation loss decides, among trials with the same training loss only. What is reported
  about the choice is its test numbers.
- Where both sides have two seeds or more, the 95 % interval of the difference stands beside it, of an error
  in percent. Pairs that one side wins are counted after Holm over the pairs.
- What is said of two groups (a model and the one that it builds on, two architectures) is the verdict of
  `verdicts` over all pairs, where there are enough of them for one; else what each pair says alone, and why
  there is no verdict. Of several such twos it is that of `standings`, for all of them together.
- Among many comparisons, p-values are those of Holm; nothing below 0.05 means that no difference is shown, or
  that it depends on a setting, if pairs differ among themselves by more than seeds explain; and that is said.
- Of several backends one is told of; `backends.differences` says which, and what another would change.
- One seed each: the numbers are said, and `certainty` says that the difference may be chance.
"""

import dataclasses
from collections.abc import Sequence

from bench.report import words
from bench.report.blocks import finding
from bench.report.blocks.finding import Finding, Findings
from bench.report.blocks.section import Blocks
from bench.report.evidence import Evidence, collapse, comparisons
from bench.report.findings import (
    about_generation,
    about_linear,
    about_models,
    about_pca,
    about_settings,
    ranks,
)
from bench.report.sections import backends, over_images, stability

OPEN = 5
"""Findings that are told at once; the others are folded."""


def section(found: Sequence[Finding]) -> Blocks:
    """The first five, and the others folded."""
    return (Findings(first=tuple(found[:OPEN]), more=tuple(found[OPEN:])),)


def all_findings(evidence: Evidence) -> list[Finding]:
    """Everything that can be said about a run, most important first."""
    if not evidence.configurations:
        return [_nothing(evidence)]
    which = f"on {evidence.focus.backends[0]}" if len(evidence.backends) > 1 else ""
    compared, whole = backends.differences(evidence), evidence.focus
    evidence = collapse.without(whole)
    if not evidence.configurations:
        return [_collapsed()]
    sweeps = [
        (sweep, finding.on(evidence, dataset), evidence.suffix(dataset))
        for dataset in evidence.datasets
        for sweep in comparisons.sweeps(evidence.about(dataset))
    ]
    each = evidence.datasets
    found: list[Finding | None] = [
        *(about_models.chosen_on_validation(evidence, dataset) for dataset in each),
        *((certainty(whole),) if not evidence.has_intervals else ()),
        compared,
        *(about_settings.along_axis(*one) for one in sweeps if one[0].axis == "latent_dim"),
        *(one for dataset in each for one in about_models.against(evidence, dataset, "model")),
        *(one for dataset in each for one in about_generation.sampled_twice(evidence, dataset)),
        *(about_settings.largest_effect(evidence, dataset) for dataset in each),
        about_models.codes_used(whole),
        *(about_pca.against_pca(evidence, dataset) for dataset in each),
        *(about_models.classification(evidence, dataset) for dataset in each),
        *(ranks.leaders(whole, dataset, which) for dataset in each),
        *(one for dataset in each for one in about_models.against(evidence, dataset, "architecture")),
        *(about_linear.against_linear(evidence, dataset) for dataset in each),
        *(stability.holds(evidence, dataset) for dataset in each),
        *((certainty(whole),) if evidence.has_intervals else ()),
        about_settings.not_levelled_off(whole),
    ]
    note = collapse.note(evidence)
    return [_counted(one, note) for one in found if one is not None]


_WITHOUT_COLLAPSED = ("versus", "architectures", "effects", "generation", "stability")


def _counted(one: Finding, note: str) -> Finding:
    """With the number of trials that are left out, where means are told."""
    if not note or one.lost or one.see not in _WITHOUT_COLLAPSED:
        return one
    return dataclasses.replace(one, text=f"{one.text} {note}")


def _collapsed() -> Finding:
    text = "Codes of no trial say anything of the image, so no model can be judged."
    return Finding(lead="Every trial has collapsed.", text=text, see="codes")


def _nothing(evidence: Evidence) -> Finding:
    text = "No trial has ended yet, so no model can be judged: the command of the run, given again, goes on."
    if evidence.failures:
        text = "No trial has ended well, so no model can be judged. The section on failures says why."
    elif not evidence.planned:
        text = "The run trains nothing: it has baselines alone."
    return Finding(
        lead="There is nothing to compare.", text=text, see="failures" if evidence.failures else "protocol"
    )


@finding.told
def certainty(evidence: Evidence) -> Finding:
    """How sure one can be: the number of seeds decides."""
    if not evidence.has_intervals:
        once, remedy = "Each configuration was trained once.", "more seeds (--seeds 0,1,2) allow both."
        if len({trial.seed for trial in evidence.planned}) > 1:
            once, remedy = "No configuration has two seeds that ended well.", "two that did allow both."
        return Finding(
            lead="How sure: one seed, so no interval.",
            text=f"{once} A difference between two of them may be chance; what is said below describes this "
            f"run. No interval can be given and nothing can be tested; {remedy}",
            see="protocol",
        ).in_short(
            "Each configuration has one seed: no difference can be tested.",
            "A difference between two of them may be chance. More seeds (--seeds 0,1,2) allow tests.",
        )
    counts = {len(one.results) for one in evidence.configurations}
    text = (
        f"Configurations were trained with {'' if len(counts) == 1 else 'up to '}"
        f"{words.count(max(counts), 'seed')}; ± is half the width of the 95 % interval of the mean over "
        "seeds (Student's t). It speaks of initial weights, order of images and noise, not of other images, "
        "and is not cut to possible values; ± 0 says that all seeds gave the same."
        f"{over_images.error(evidence)}"
    )
    if max(counts) == 2:
        text += (
            " With two seeds t is 12.7, so they are wide: a third seed makes them about a quarter as wide."
        )
    return Finding(lead="How sure: intervals over seeds.", text=text, see="protocol").in_short(
        "Intervals and tests speak of other seeds, not of other images.",
        finding.body(
            f"Configurations have up to {words.count(max(counts), 'seed')}; ± is half the width of a 95 % "
            "interval of the mean."
        ),
    )
