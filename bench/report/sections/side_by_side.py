"""What the page needs to hold any two configurations or trials against each other, chosen by the reader."""

from scipy import stats

from bench import measures
from bench.report import words
from bench.report.blocks import inert
from bench.report.blocks.section import Blocks, Fold
from bench.report.blocks.side_by_side import SideBySide
from bench.report.blocks.table import present
from bench.report.evidence import Configuration, Evidence, priors
from bench.report.evidence.naming import seed_of
from bench.report.sections import generated
from bench.report.sections.downloads import rounded
from bench.statistics import CONFIDENCE

_STEPS = 200
_DIGITS = 7  # significant ones of a value: more than are shown


def section(evidence: Evidence) -> Blocks | None:
    """A choice of two, where there are two."""
    made = side_by_side(evidence)
    return None if made is None else (Fold(title="Choose any two", blocks=(made,)),)


def side_by_side(evidence: Evidence) -> SideBySide | None:
    """Configurations and baselines with their values by seed; None where there are no two."""
    ones = evidence.everything
    if len(ones) < 2:
        return None
    names = tuple(_name(evidence, one) for one in ones)
    # No times: they do not repeat well enough to say which of two is faster.
    every = (*measures.of_table("leaderboard"), *generated.names("distances"))
    shown = present(ones, (*every, *generated.names("neighbourhoods"), "parameters"))
    content = {
        "measures": [
            {
                "label": words.head(name),
                "better": measures.named(name).better,
                "scale": words.scale(name),
                "decimals": words.decimals(name),
                "exact": name == "parameters",
                "counted": words.is_count(name),
            }
            for name in shown
        ],
        "configurations": [
            {
                "name": title,
                "dataset": one.settings["dataset"],
                "exact": one.is_baseline,
                "trials": [[seed_of(result.unit), result.unit.key] for result in one.results],
                "values": [
                    [rounded(result.measures.get(name), _DIGITS) for result in one.results] for name in shown
                ],
            }
            for title, one in zip(names, ones, strict=True)
        ],
        "student": student(),
        "prior": _prior(evidence),
    }
    groups: dict[str, list[tuple[int, str]]] = {}
    for i, (one, name) in enumerate(zip(ones, names, strict=True)):
        kind = "Baselines" if one.is_baseline else "External coders" if one.is_external else one.family
        groups.setdefault(kind, []).append((i, name))
    others = (i for i, one in enumerate(ones) if one.settings["model"] != ones[0].settings["model"])
    return SideBySide(groups=groups, chosen=(0, next(others, 1)), data=inert.as_json(content))


def _prior(evidence: Evidence) -> str:
    """What all samples are decoded from, in a word."""
    found = {priors.drawn_from(one) for one in evidence.configurations}
    return found.pop() if len(found) == 1 else priors.UNTOLD


def student() -> list[float]:
    """Student's 97.5 % quantile at 1/freedom = 0, 1/200, ... 1: between them a line is near enough."""
    tail = (1 + CONFIDENCE) / 2
    quantiles = (stats.t.ppf(tail, _STEPS / i) if i else stats.norm.ppf(tail) for i in range(_STEPS + 1))
    return [round(float(value), 4) for value in quantiles]


def _name(evidence: Evidence, one: Configuration) -> str:
    where = f", {words.dataset(one.settings['dataset'])}" if len(evidence.datasets) > 1 else ""
    return one.name.replace(words.NBSP, " ") + where
