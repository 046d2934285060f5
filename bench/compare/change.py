"""What changed from one run to another: the words of `bench compare`."""

import collections
import dataclasses

from bench.report.findings.verdicts import CANNOT_TELL, DEPENDS, NO_DIFFERENCE
from bench.statistics import Interval

WORSE, BETTER, SAME, NOT_COMPARABLE = "worse", "better", "same", "not comparable"
CONSISTENT = "consistent"
VERDICTS = (WORSE, BETTER, DEPENDS, NO_DIFFERENCE, CONSISTENT, CANNOT_TELL, SAME, NOT_COMPARABLE)
"""Where a test tells no difference: `DEPENDS` if differences turn with a setting, `CONSISTENT` if the second
run lies inside the scatter of the first one's seeds, else `NO_DIFFERENCE`; `CANNOT_TELL` without a test."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Change:
    """One measure of one configuration in both runs.

    Attributes
    ----------
    configuration
        What tells it from the others.
    before, after
        Means over seeds, in the unit of the measure.
    difference
        After less before, with its 95 % interval where one can be given; of what is compared by ratios, over
        all configurations, by how much their mean ratio moves what was before.
    verdict
        One of `VERDICTS`.
    cause
        What it depends on, in words; empty where it does not.
    """

    configuration: str
    measure: str
    before: float
    after: float
    difference: Interval
    verdict: str
    cause: str = ""

    @property
    def told(self) -> str:
        """The verdict in words: `depends on the latent size`."""
        return f"{self.verdict} {self.cause}" if self.cause else self.verdict

    @property
    def share(self) -> float:
        """The size of the difference, as a share of what was before."""
        return abs(self.after - self.before) / abs(self.before) if self.before else float(self.after != 0)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Comparison:
    """All changes, in the order of the first run, and what could not be compared.

    `overall` has one for each measure and data set (and loss, of ELBOs), over all configurations that were
    trained: a shift that is too small for any of them alone.
    `only_before` and `only_after` name configurations that one run alone has; `notes` are
    sentences, and so are `failures`, one for each configuration of which the second run failed with seeds
    that ended well in the first.
    """

    before: str
    after: str
    overall: tuple[Change, ...]
    changes: tuple[Change, ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    notes: tuple[str, ...]
    failures: tuple[str, ...]

    def counts(self) -> dict[str, int]:
        """How many changes have each verdict."""
        found = collections.Counter(change.verdict for change in self.changes)
        return {verdict: found[verdict] for verdict in VERDICTS if found[verdict]}

    def is_worse(self, threshold: float) -> bool:
        """Whether a number became worse by more than this share, or trials fail that ended well."""
        return bool(self.failures or self.regressions(threshold))

    def regressions(self, threshold: float) -> tuple[Change, ...]:
        """What became worse by more than this share of what it was."""
        every = (*self.overall, *self.changes)
        return tuple(one for one in every if one.verdict == WORSE and one.share > threshold)
