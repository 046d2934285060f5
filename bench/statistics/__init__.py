"""Numbers of trials -> how sure we are. Numbers in, numbers out: nothing here knows a configuration.

```
intervals     seeds -> a mean or a difference with its interval (Student, Welch): the settings held fixed
resampling    matched pairs of settings -> their mean difference (bootstrap) and a test (sign flips)
multiplicity  p-values of one table -> those of Holm
standings     configurations -> ranks, and groups that cannot be told apart
```

Two questions, two populations. *Would other seeds say the same of these settings?* is answered by `intervals`
and `standings`. *Does it hold from setting to setting?* is answered by `resampling`. Neither speaks of other
images. Where each configuration has one seed there is an answer to neither, and none is given.
"""

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
from bench.statistics.resampling import (
    FEWEST_PAIRS,
    bootstrap_interval,
    paired_difference,
    sign_flip_p,
    smallest_p,
)
from bench.statistics.standings import Standing, standings

__all__ = [
    "CONFIDENCE",
    "FEWEST_PAIRS",
    "Comparison",
    "Interval",
    "Standing",
    "bootstrap_interval",
    "difference",
    "holm",
    "is_told",
    "mean_difference",
    "mean_interval",
    "one_more",
    "paired_difference",
    "sign_flip_p",
    "smallest_p",
    "standings",
]
