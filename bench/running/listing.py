"""`bench list`: what there is."""

from collections.abc import Callable, Mapping

from bench import datasets, errors, measures, models
from bench.ask import axes, grid, grid_file, plugins
from bench.ask.baseline_cards import BASELINES
from bench.ask.published import Published
from bench.ask.views import VIEWS
from bench.foreign import visible
from bench.keeping import known_runs


def lines(what: str | None) -> list[str]:
    """One section, or all of them with an empty line between them; installed plug-ins are among them."""
    plugins.load([])
    sections = [what] if what else list(_SECTIONS)
    each = [["", name, *_aligned(_SECTIONS[name]())] for name in sections]
    return [line for section in each for line in section][1:]


def _aligned(rows: list[tuple[str, str]]) -> list[str]:
    shown = [(visible(name), about) for name, about in rows]  # what it takes on the screen is aligned
    width = max((len(name) for name, _ in shown), default=0)
    return [f"  {name:<{width}}  {about}".rstrip() for name, about in shown] or ["  none"]


def _grids() -> list[tuple[str, str]]:
    rows = []
    for name in grid_file.known():
        try:
            loaded = grid.load(name)
        except errors.GridError as error:  # one that needs what is not here costs no other
            rows.append((name, str(error)))
            continue
        trials = len(loaded.trials("torch")) if loaded.trains else 0
        rows.append((name, f"{trials} trials: {loaded.description}"))
    return rows


def _published() -> list[tuple[str, str]]:
    """The grids that reproduce numbers of papers, each with its command, and under it its numbers."""
    rows = []
    for name in grid_file.known():
        command = f"python -m bench run --grid {name}"
        try:
            loaded = grid.load(name)
        except errors.GridError as error:
            rows.append((command, str(error)))
            continue
        if loaded.published:
            rows.append((command, loaded.description))
            rows += [(f"  {row.title}", _row(row)) for row in loaded.published]
    return rows


def _row(row: Published) -> str:
    """Value and bar, tolerance, whether it is confirmed, what it costs, and the paper."""
    bar = f" +- {row.bar:g}" if row.bar is not None else ""
    off = "by bar and seeds" if row.tolerance is None else f"+- {row.tolerance:g}"
    known = "confirmed" if row.is_known else "not confirmed" if not row.confirmed else "bar not confirmed"
    cost = f"{row.cpu_minutes:g} min on two cores, {row.gpu_minutes:g} on a GPU"
    return f"{row.value:g}{bar} (tolerance {off}; {known}; {cost}): {row.source}"


def _cards(cards: Mapping[str, models.Card]) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for card in cards.values():
        rows.append((card.name, card.title + (f" ({card.paper})" if card.paper else "")))
        rows += [(f"  {o.name}", f"{o.text} ({_values(o, card)})") for o in card.options]
    return rows


def _baselines() -> list[tuple[str, str]]:
    rows = []
    for card in BASELINES.values():
        told = card.title + (f" ({card.paper})" if card.paper else "")
        rows.append((card.name, told + (", by default" if card.default else "")))
    return rows


def _values(option: models.Option, card: models.Card | None = None) -> str:
    value = card.defaults.get(option.name, option.default) if card else option.default
    default = value if isinstance(value, str) else f"{value:g}"
    return (f"{', '.join(option.known)}; " if option.known else "") + f"default {default}"


def _settings() -> list[tuple[str, str]]:
    """Those that every model takes and no column of the tables has, with their values."""
    rows = [(axis.name, _setting(axis)) for axis in axes.SHARED_OPTIONS.values()]
    return rows + [(card.name, f"{card.title} ({_values(card.option)})") for card in VIEWS.values()]


def _setting(axis: axes.Axis) -> str:
    values = f"; one of {', '.join(axis.known)}" if axis.known else ""
    return f"{axis.text}{values} (default {axis.default})"


def _measures() -> list[tuple[str, str]]:
    """Tasks, each with its measures: what they are called in tables, and in which direction they improve."""
    rows = []
    for card in measures.TASKS.values():
        rows.append((card.name, card.title + (", by default" if card.default else "")))
        rows += [
            (f"  {one.name}", one.label + (f" ({one.better} is better)" if one.better else ""))
            for one in card.measures
            if not one.is_array
        ]
    return rows


def _datasets() -> list[tuple[str, str]]:
    return list(datasets.summaries().items())


def _runs() -> list[tuple[str, str]]:
    rows = []
    for run in known_runs.under(known_runs.REPORTS):
        try:
            record = run.read_run()
        except errors.RunFolderError as error:
            rows.append((str(run.path), str(error)))
            continue
        state = f"finished {record['finished']}" if record.get("finished") else "not finished"
        rows.append((str(run.path), f"grid {record['grid'].get('name', 'unknown')}, {state}"))
    return rows


_SECTIONS: dict[str, Callable[[], list[tuple[str, str]]]] = {
    "grids": _grids,
    "published": _published,
    "models": lambda: _cards(models.MODELS),
    "architectures": lambda: _cards(models.ARCHITECTURES),
    "baselines": _baselines,
    "measures": _measures,
    "settings": _settings,
    "datasets": _datasets,
    "runs": _runs,
}
