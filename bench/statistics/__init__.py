"""Numbers of trials -> how sure we are. Numbers in, numbers out: nothing here knows a configuration.

```
intervals     seeds -> a mean or a difference with its interval (Student, Welch): the settings held fixed
families      many differences of one measure -> the same, seed by seed, with variances that are moderated
moderation    variances of few seeds each -> variances that learn from one another
heterogeneity matched pairs of settings -> do their differences differ, and by which setting
agreement     two numbers of each of many things -> do they put these in the same order
images        numbers of each test image -> does it hold for other images (bootstrap, McNemar)
factorial     a grid of all combinations -> which setting has which share of what varies
prediction    seeds -> where the mean of more of them will lie
resampling    matched pairs of settings -> their mean difference (bootstrap) and a test (sign flips)
multiplicity  p-values of one table -> those of Holm
standings     configurations -> ranks, and groups that cannot be told apart
tolerance     a published bar and seeds -> how far their means may lie apart
```

Three questions, three populations. *Would other seeds say the same of these settings?* is answered by
`intervals`, `families` and `standings`. *Does it hold from setting to setting?* is answered by `resampling`
and `heterogeneity`. *Does it hold for other images?* is answered by `images`. Where each configuration has
one seed there is no answer to the first two, and none is given.
"""

from bench.statistics.agreement import Agreement, agreement
from bench.statistics.factorial import Part, anova, is_factorial
from bench.statistics.families import Sides, Values, differences
from bench.statistics.heterogeneity import Cause, cause, heterogeneity_p
from bench.statistics.images import accuracy_over_images, error_over_images, ratio_over_images
from bench.statistics.intervals import (
    CONFIDENCE,
    Comparison,
    Interval,
    difference,
    is_told,
    mean_difference,
    mean_interval,
    one_more,
)
from bench.statistics.multiplicity import holm
from bench.statistics.prediction import is_foreseen
from bench.statistics.resampling import (
    FEWEST_PAIRS,
    bootstrap_interval,
    paired_difference,
    sign_flip_p,
    smallest_p,
)
from bench.statistics.standings import Standing, standings
from bench.statistics.tolerance import two_deviations

__all__ = [
    "CONFIDENCE",
    "FEWEST_PAIRS",
    "Agreement",
    "Cause",
    "Comparison",
    "Interval",
    "Part",
    "Sides",
    "Standing",
    "Values",
    "accuracy_over_images",
    "agreement",
    "anova",
    "bootstrap_interval",
    "cause",
    "difference",
    "differences",
    "error_over_images",
    "heterogeneity_p",
    "holm",
    "is_factorial",
    "is_foreseen",
    "is_told",
    "mean_difference",
    "mean_interval",
    "one_more",
    "paired_difference",
    "ratio_over_images",
    "sign_flip_p",
    "smallest_p",
    "standings",
    "two_deviations",
]
