"""Findings about models for who reads and does not check: a headline, two sentences at most, a small chart.

What each says no more than is what its rule has shown in full: see `about_models`, `about_pca`,
`about_linear`, `standings` and `ranks`.
"""

import math
from collections.abc import Sequence

from bench import statistics
from bench.report import words
from bench.report.blocks import finding, spark
from bench.report.blocks.chart import Chart
from bench.report.evidence import Configuration, Evidence
from bench.report.evidence.differences import Tally
from bench.report.findings import choices
from bench.report.findings.verdicts import Verdict
from bench.statistics import Comparison

Short = tuple[str, str, Chart | None]
Bar = tuple[str, float, str]

MOST_TOLD = 2  # comparisons that are told one by one


def bar(name: str, one: Configuration | None, label: str = "") -> list[Bar]:
    """A bar of a small chart; none where there is no number."""
    value = one.mean(name) if one else None
    if one is None or value is None:
        return []
    size = one.settings.get("latent_dim")
    called = label or f"{one.family}{'' if size is None else f' {size}'}"
    return [(called, value, words.number(name, value))]


def bars(id: str, name: str, found: Sequence[Bar]) -> Chart | None:
    """Bars beside each other; None with one alone."""
    if len(found) < 2:
        return None
    told = ", ".join(f"{label} {text}" for label, _, text in found)
    return spark.bars(f"spark-{id}", f"{words.head(name)}: {told}.", found)


def change(id: str, label: str, found: Comparison) -> Chart | None:
    """A change with its interval about none; None without an interval."""
    value = found.difference
    if value.mean is None or value.low is None or value.high is None:
        return None
    alt = f"{label}: {words.difference('test_mse', found)}."
    return spark.changes(f"spark-{id}", alt, [(value.mean, value.low, value.high)], [label])


def taken(evidence: Evidence, dataset: str, picks: Sequence[Configuration]) -> Short:
    """What to take for close reconstructions: by validation images, PCA among the rivals."""
    choice = choices.of(evidence, dataset, "test_mse")
    one = choice.taken if choice else picks[0]
    where, error = finding.on(evidence, dataset), finding.measure(one, "test_mse")
    pca, mean = evidence.beside(one, "pca"), evidence.baseline(dataset, "mean")
    beside = f"; PCA of its size has {_mse(pca)}" if pca and pca.values("test_mse") else ""
    sentences = [
        f"Its test error (MSE) is {error}{beside}.",
        "Validation images chose it, test images nothing.",
    ]
    if choice and choice.baseline:
        best = choice.best
        sentences = [
            f"Its test error (MSE) is {error}; that of the best network {finding.measure(best, 'test_mse')}.",
            f"The best network is {best.name}.",
        ]
        pca = best
    called = [f"For close reconstructions{where} take {name}." for name in finding.plain(one)]
    found = [*bar("test_mse", one), *bar("test_mse", pca), *bar("test_mse", mean, "mean image")]
    chart = bars(f"taken{evidence.suffix(dataset)}", "test_mse", found)
    return finding.headline(*called), finding.body(*sentences), chart


def _mse(one: Configuration | None) -> str:
    return words.number("test_mse", one.mean("test_mse") if one else None)


def leaders(
    group: Sequence[Configuration],
    compared: Sequence[Configuration],
    *,
    is_alone: bool,
    where: str,
    id: str,
) -> Short:
    """How many of those that are ranked may have the lowest error, external coders among them."""
    total, count = len(compared), len(compared) - len(group)
    of = finding.counted(compared)
    if len(group) == 1:
        apart = "told apart from all others" if is_alone else "not told apart from every other"
        kind = "external coder" if group[0].is_external else "configuration"
        head = f"One {kind}{where} has the lowest error, {apart}."
    elif len(group) == total:
        head = f"Which configuration{where} has the lowest error cannot be told."
    else:
        many = "" if any(one.is_external for one in group) else " configurations"
        head = f"A group of {len(group)}{many}{where} may have the lowest error."
    chart = spark.share(f"spark-leaders{id}", f"{len(group)} of {of}.", len(group), total)
    text = f"The lowest test error is that of {group[0].name}{group[0].mark}."
    rest = f"Of {of} {count} {'is' if count == 1 else 'are'} told apart from a better one."
    return finding.headline(head), finding.body(text, rest), chart


def of_pca(beaten: int, total: int, *, is_unclear: bool, where: str, texts: Sequence[str], id: str) -> Short:
    """Whether the chosen networks with free codes beat principal components; `texts` say it of each."""
    if beaten == total:
        head = f"The chosen networks with free codes beat PCA of their size{where}."
    elif beaten:
        head = f"PCA beats some of the chosen networks of its size{where}."
    else:
        head = f"PCA of the same size is not beaten by a chosen network{where}."
        if is_unclear:
            head = f"Whether a chosen network beats PCA of its size{where} cannot be told."
    if total == 1:
        head = head.replace(
            "The chosen networks with free codes beat PCA of their", "The chosen network beats PCA of its"
        )
    chart = spark.share(f"spark-pca{id}", f"{beaten} of {total} beat PCA.", beaten, total)
    return finding.headline(head), finding.body(*(f"{text}." for text in texts[:2])), chart


def of_two(told: Verdict, tally: Tally, sides: tuple[str, str], where: str, id: str, verdict: str) -> Short:
    """Two models or architectures; `verdict` is what the evidence says, where no winner is told."""
    first, second = sides
    winner = told.winner
    if winner is not None:
        everywhere = tally.pairs == (tally.higher if winner else tally.lower)
        head = (
            f"{words.capital(sides[winner])} reconstructs closer than {sides[1 - winner]}"
            f"{'' if everywhere else ' on average'}{where}."
        )
    elif told.depends:
        head = f"Whether {first} or {second} reconstructs closer{where} depends on {told.depends_on}."
    elif "reconstructs closer in" in verdict:  # of too few pairs for a test over them
        side = int(not verdict.startswith(f"{first} "))
        wins = (tally.lower, tally.higher)[side]
        which = "the only pair" if tally.pairs == 1 else "every pair" if wins == tally.pairs else "some pairs"
        head = (
            f"{words.capital(sides[side])} reconstructs closer than {sides[1 - side]} in {which}{where}; "
            "too few to test."
        )
    else:
        head = f"{words.capital(first)} against {second}{where}: {verdict}."
    sentences = [
        f"Against {second}, {first} changes the error by {words.difference('test_mse', told.comparison)}, "
        f"mean over {words.count(tally.pairs, 'pair')} at equal settings.",
        f"It is lower in {tally.lower} and higher in {tally.higher}.",
    ]
    chart = change(id, f"{first} against {second}", told.comparison)
    shorter = f"{words.capital(first)} against {second}: {verdict}."
    return finding.headline(head, shorter), finding.body(*sentences), chart


def of_several(judged: Sequence[tuple[str, str, Verdict]], *, built_on: str, where: str, id: str) -> Short:
    """Several, each against what it is held against: who reconstructs closer."""
    better = [first for first, _, verdict in judged if verdict.winner == 0]
    worse = [first for first, _, verdict in judged if verdict.winner == 1]
    open_ = [first for first, _, verdict in judged if verdict.winner is None]
    pairs = max(verdict.pairs for _, _, verdict in judged)
    is_tested = any(verdict.is_over_seeds and verdict.p is not None for _, _, verdict in judged)
    if not better and not is_tested and not statistics.is_told(statistics.smallest_p(pairs)):
        are = "is" if pairs == 1 else "are"
        forms = [f"{words.count(pairs, 'pair')} of settings {are} too few for a verdict{where}."]
    elif not better:
        forms = [f"None is shown to reconstruct closer than {built_on}{where}."]
    else:
        does = "reconstructs" if len(better) == 1 else "reconstruct"
        built_on = built_on if len(better) == 1 else built_on.replace("it builds", "they build")
        some = "All" if len(better) == len(judged) else "Only some"
        forms = [
            f"{words.listing(better)} {does} closer than {built_on}{where}.",
            f"{some} reconstruct closer than {built_on}{where}.",
        ]
    told = [
        f"{first} reconstructs {'less close' if verdict.winner else 'closer'} than {second}"
        for first, second, verdict in judged
    ]
    parts = [f"Better: {len(better)} of {len(judged)}."]
    if worse:
        parts = [f"Better: {len(better)}; worse: {_some(worse)}."]
    if open_:
        parts.append(f"Not told or turning with a setting: {_some(open_)}.")
    elif len(judged) == MOST_TOLD:
        forms.insert(0, f"{'; '.join(told)}{where}.")
        parts = [
            f"Against {second}, {first} changes the error by "
            f"{words.difference('test_mse', verdict.comparison)}, mean over pairs at equal settings."
            for first, second, verdict in judged
        ]
    return finding.headline(*forms), finding.body(*parts), _changes(judged, id)


def _changes(judged: Sequence[tuple[str, str, Verdict]], id: str) -> Chart | None:
    """The first four with their intervals."""
    shown = judged[:4]
    known = [(name, verdict.comparison.difference) for name, _, verdict in shown]
    known = [(name, one) for name, one in known if one.low is not None]
    if not known:
        return None
    alt = "; ".join(
        f"{name} {words.difference(verdict.measure, verdict.comparison)}" for name, _, verdict in shown
    )
    marks = [(one.mean or 0.0, one.low or 0.0, one.high or 0.0) for _, one in known]
    return spark.changes(f"spark-{id}", f"{alt}.", marks, [name for name, _ in known])


def _some(names: Sequence[str]) -> str:
    more = len(names) - finding.MOST_NAMED
    return ", ".join(names[: finding.MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def of_linear(beaten: int, behind: int, total: int, where: str, id: str) -> Short:
    """Models that pay for their codes against the linear optimum of their objective."""
    some = "No" if not beaten else "Every" if beaten == total else "Not every"
    head = f"{some} model has a lower error at no more nats than its linear optimum"
    said = f"{beaten} of {total} {'has' if beaten == 1 else 'have'} a lower error at no more nats."
    chart = spark.share(f"spark-linear{id}", said, beaten, total)
    rest, worse = total - beaten - behind, f"{behind} {'is' if behind == 1 else 'are'} worse in both."
    others = f"{rest} trade one for the other, or differ by chance." if rest else ""
    forms = (f"{head}{where}.", f"{some} model beats its linear optimum at no more nats{where}.")
    return finding.headline(*forms), finding.body(said, others, worse if behind else ""), chart


def codes(found: Sequence[Configuration], idle: Sequence[Configuration], whose: str, leaving: str) -> Short:
    """Whether all dimensions of codes are in use; `found` from the fewest nats to the most."""
    widest = max(found, key=lambda one: (one.settings["latent_dim"], -(one.mean("active_units") or 0.0)))
    size, active = int(widest.settings["latent_dim"]), widest.mean("active_units") or 0.0
    smallest = min((one.settings["latent_dim"] for one in idle), default=0)
    full = [one.settings["latent_dim"] for one in found if one not in idle]
    if not idle:
        head = f"Codes of {whose} use all of their dimensions."
    elif len(idle) == len(found):
        head = f"Codes of {whose} leave some of their dimensions idle."
    elif max(full) < smallest:
        head = f"Codes of {leaving} leave dimensions idle from a latent size of {smallest} on."
    else:
        head = f"Some codes of {leaving} leave dimensions idle, others use all."
    shown = words.number("active_units", active)
    low, high = (words.number("test_kl", one.mean("test_kl")) for one in (found[0], found[-1]))
    chart = spark.share("spark-codes", f"{shown} of {size} dimensions are active.", math.ceil(active), size)
    return (
        finding.headline(
            head, head.replace(whose, "several models").replace(leaving or whose, "several models")
        ),
        finding.body(
            f"{widest.name} uses {shown} of {size} dimensions.",
            f"Codes spend {low if low == high else f'{low} to {high}'} nats an image.",
        ),
        chart,
    )


def classes(
    best: Configuration, pca: Configuration | None, pixels: Configuration | None, where: str, id: str
) -> Short:
    """Whether the codes of a pick tell classes better than raw pixels do."""
    name = "latent_knn_accuracy"
    own, level = best.measure(name), pixels.mean(name) if pixels else None
    *_, least = finding.plain(best)
    head = f"Codes of {least} tell classes{where}."
    if own.mean is not None and level is not None:
        low, high = (own.mean if end is None else end for end in (own.low, own.high))
        head = f"Neighbours tell classes about as well by codes of {least} as by pixels{where}."
        if low > level:
            head = f"Neighbours tell classes better by codes of {least} than by pixels{where}."
        elif high < level:
            head = f"Neighbours tell classes better by pixels than by codes of {least}{where}."
    rivals = [
        f"{label} {words.number(name, one.mean(name), unit=True)}"
        for label, one in (("raw pixels", pixels), ("PCA of its size", pca))
        if one is not None and one.values(name)
    ]
    text = f"5-NN accuracy of {best.name} is {finding.measure(best, name)}."
    beside = f"Beside it: {', '.join(rivals)}." if rivals else ""
    found = [*bar(name, best), *bar(name, pixels, "raw pixels"), *bar(name, pca)]
    return finding.headline(head), finding.body(text, beside), bars(f"classes{id}", name, found)
