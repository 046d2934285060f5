"""The leaderboard as a chart: a row a configuration in the order of merit, and who is told apart."""

import dataclasses
from collections.abc import Mapping, Sequence

from bench import measures, statistics
from bench.report import words
from bench.report.blocks import finding, theme
from bench.report.blocks.chart import Chart, drawn
from bench.report.blocks.drawing import SIZE, Paper, Scale, scale, shortened, width_of
from bench.report.blocks.table import NAME, Row, Table, interval_cell, measure_column, name_cell
from bench.report.evidence import Configuration, Evidence, differences
from bench.report.sections import looks
from bench.report.sections.looks import Looks
from bench.statistics import Standing

MEASURES = ("test_mse", "test_ssim", "latent_knn_accuracy", "frechet_prior", "frechet_mixture")
MOST_ROWS, FIRST_ROWS = 40, 15
"""That are drawn, and those in the open; the others are in the table."""
WIDTH, ROW, TOP, BOTTOM = 460, 13, 50, 22
MOST_NAME, VALUE, BRACKET = 204, 50, 20
FEWEST = 2


@dataclasses.dataclass(frozen=True, kw_only=True)
class Board:
    """What is drawn: the best first, with their places among all, and PCA of the size of each."""

    measure: str
    ones: tuple[Configuration, ...]
    total: int
    standings: Mapping[str, Standing]
    pca: Mapping[str, float]
    looks: Looks

    @property
    def has_groups(self) -> bool:
        """Whether seeds tell some apart."""
        return any(place.group is not None for place in self.standings.values())

    @property
    def first(self) -> "Board":
        """The same of the best alone."""
        return dataclasses.replace(self, ones=self.ones[:FIRST_ROWS])

    def group(self, one: Configuration) -> int | None:
        """Of those that cannot be told apart."""
        place = self.standings.get(one.name)
        return None if place is None else place.group


def boards(evidence: Evidence, dataset: str) -> list[Board]:
    """One for each measure that two configurations have."""
    ones = evidence.about(dataset).rivals
    known = looks.of(ones)
    found = [(name, [one for one in ones if one.values(name)]) for name in MEASURES]
    return [_board(evidence, name, having, known) for name, having in found if len(having) >= FEWEST]


def _board(evidence: Evidence, name: str, ones: Sequence[Configuration], known: Looks) -> Board:
    sign = -1 if measures.named(name).better == "higher" else 1
    values = differences.scaled(name, [one.by_seed(name) for one in ones])
    places = statistics.standings([{seed: sign * v for seed, v in each.items()} for each in values])
    ranked = sorted(ones, key=lambda one: sign * (one.mean(name) or 0.0))[:MOST_ROWS]
    beside = {one.name: evidence.beside(one, "pca") for one in ranked}
    levels = {of: pca.mean(name) for of, pca in beside.items() if pca is not None}
    return Board(
        measure=name,
        ones=tuple(ranked),
        total=len(ones),
        standings={one.name: place for one, place in zip(ones, places, strict=True) if place is not None},
        pca={of: level for of, level in levels.items() if level is not None},
        looks=known,
    )


@drawn
def draw(board: Board, suffix: str) -> Chart:
    """The chart of one measure; where it stands in no table of its section, with its numbers."""
    room = min(MOST_NAME, max(width_of(one.name + one.mark) for one in board.ones)) + 8
    paper = Paper(width=WIDTH, height=TOP + ROW * len(board.ones) + BOTTOM)
    places = _scale(board, room, WIDTH - VALUE - BRACKET * board.has_groups - 6)
    _axes(paper, board, places)
    for i, one in enumerate(board.ones):
        _row(paper, board, places, one, TOP + ROW * (i + 0.5), room)
    if board.has_groups:
        _brackets(paper, board)
    id = f"board-{board.measure.replace('_', '-')}{suffix}"
    in_table = "leaderboard" in measures.named(board.measure).tables
    data = None if in_table else _numbers(board, f"table-{id}")
    return Chart(id=id, alt=_told(board), svg=paper.svg(), data=data, is_wide=True)


def caption(board: Board) -> str:
    """What marks and brackets mean, and what is left out."""
    parts = [
        f"The best {len(board.ones)} of {board.total} {_drawn(board)} are drawn; the table has all."
        if board.total > len(board.ones)
        else "",
        "A line through a mark is the 95 % interval over seeds." if board.has_groups else "One seed each.",
        "The tick is PCA with as many numbers." if board.pca else "",
        "A bracket joins neighbours of one group; members of group 1 may each be the best, and so on."
        if board.has_groups
        else "",
    ]
    return " ".join(filter(None, parts))


def _drawn(board: Board) -> str:
    return "configurations and external coders" if board.looks.externals else "configurations"


def _values(board: Board) -> list[float]:
    by = words.scale(board.measure)
    ends = [
        end
        for one in board.ones
        for interval in (one.measure(board.measure),)
        for end in (interval.mean, interval.low, interval.high)
        if end is not None and (end > 0 or not _is_log(board))
    ]
    return [by * value for value in (*ends, *board.pca.values())]


def _is_log(board: Board) -> bool:
    means = [one.mean(board.measure) or 0.0 for one in board.ones]
    return measures.named(board.measure).scale == "log" and min(means) > 0


def _scale(board: Board, start: float, end: float) -> Scale:
    return scale(_values(board), start + 4, end, is_log=_is_log(board), pad=0.03)


def _axes(paper: Paper, board: Board, places: Scale) -> None:
    better = measures.named(board.measure).better
    log = ", log axis" if places.is_log else ""
    paper.text(0, 12, f"{words.head(board.measure)} ({better} is better{log})", is_bold=True, size=11)
    board.looks.legend(paper, 0, 30)
    bottom = paper.height - BOTTOM
    for i in range(5, len(board.ones), 5):
        paper.line((0, TOP + ROW * i), (WIDTH, TOP + ROW * i), color=theme.FAINT, width=0.6)
    for tick in places.ticks():
        x = places(tick)
        paper.line((x, TOP), (x, bottom), color=theme.FAINT)
        for y in (TOP - 5, bottom + 12):
            paper.text(x, y, f"{tick:,.6g}", color=theme.MUTED, anchor="middle")


def _row(paper: Paper, board: Board, places: Scale, one: Configuration, y: float, room: float) -> None:
    by, value = words.scale(board.measure), one.measure(board.measure)
    base = y + SIZE * 0.36
    whole = one.name + one.mark
    brief = one.name if width_of(whole) < room else one.name.replace("learning rate", "lr")
    name = shortened(brief, room - width_of(one.mark)) + one.mark
    paper.text(0, base, name, title=whole if name != whole else "")
    pca = board.pca.get(one.name)
    if pca is not None:
        paper.line((places(by * pca), y - 5), (places(by * pca), y + 5), color=theme.MUTED, width=1.4)
    if value.low is not None and value.high is not None:
        ends = ((places(by * value.low) if not places.is_log or value.low > 0 else places.start, y),)
        paper.line(*ends, (places(by * value.high), y), color=board.looks.color(one), width=1.6)
    board.looks.mark(paper, places(by * (value.mean or 0.0)), y, one)
    right = WIDTH - BRACKET * board.has_groups
    paper.text(right, base, words.number(board.measure, value.mean), anchor="end")


def _brackets(paper: Paper, board: Board) -> None:
    """Neighbours of one group are joined; the number of a group stands at its middle."""
    first = 0
    for i, one in enumerate(board.ones):
        if i + 1 < len(board.ones) and board.group(board.ones[i + 1]) == board.group(one):
            continue
        top, bottom = TOP + ROW * first + 2, TOP + ROW * (i + 1) - 2
        if board.group(one) is not None:
            x = WIDTH - BRACKET + 6
            paper.line((x - 2, top), (x, top), (x, bottom), (x - 2, bottom), color=theme.MUTED)
            middle = (top + bottom) / 2 + SIZE * 0.36
            paper.text(x + 3, middle, str(board.group(one)), color=theme.MUTED, size=8.5)
        first = i + 1


def _told(board: Board) -> str:
    name = board.measure
    first, last = (
        f"{one.name}{one.mark} {words.interval(name, one.measure(name), unit=True)}"
        for one in (board.ones[0], board.ones[-1])
    )
    best = [one for one in board.ones if board.group(one) == 1]
    group = f" {finding.counted(best)} may be the best." if best else ""
    return (
        f"{words.head(name)} of {finding.counted(board.ones)} in the order of merit, "
        f"from {first} to {last}.{group}"
    )


def _numbers(board: Board, id: str) -> Table:
    name = board.measure
    return Table(
        id=id,
        caption=f"{words.head(name)} of the best {len(board.ones)}, in the order of merit",
        columns=(NAME, measure_column(name)),
        rows=tuple(Row(cells=(name_cell(one), interval_cell(name, one.measure(name)))) for one in board.ones),
    )
