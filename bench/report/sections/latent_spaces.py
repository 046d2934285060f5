"""Latent spaces: where the codes of test images lie, and what codes decode to."""

from bench.report.blocks import isolation
from bench.report.blocks.section import Block, Blocks, Fold, Tabs, text
from bench.report.blocks.space import Space, Sprite
from bench.report.evidence import Configuration, Evidence
from bench.report.sections import explored, galleries

MOST_SHOWN = 6
MOST_MAPS = 4
MOST_TABS = 6

_TEXT = (
    "Each point is the code of a test image (at most the first 2,000). The images at the pointer are packed "
    "with losses."
)
_COLOURS = "Its colour and shape are those of its class."


def chosen(evidence: Evidence) -> list[Configuration]:
    """Two-dimensional models first, with their maps, at most four; then other representatives."""
    planes = [one for one in evidence.configurations if one.settings["latent_dim"] == 2][:MOST_MAPS]
    others = [one for one in galleries.representatives(evidence) if one.settings["latent_dim"] != 2]
    return [*planes, *others[: MOST_SHOWN - len(planes)]]


def section(evidence: Evidence) -> Blocks:
    """Those of `chosen` that left codes, one at a time, and the test images behind their points."""
    ones = chosen(evidence)
    sheets = explored.sheets(evidence, ones)
    spaces = [space for one in ones if (space := _of(evidence, one, sheets)) is not None]
    if not spaces:
        return (text("No trial has left codes to show."),)
    first, more = spaces[:MOST_TABS], spaces[MOST_TABS:]
    colours = _COLOURS if any(space.legend for space in spaces) else ""
    told = text(_TEXT, colours, _thinning(evidence, len(spaces)))
    blocks: list[Block] = [told, _tabs("space", first)]
    if more:
        blocks.append(Fold(title=f"{len(more)} more latent spaces", blocks=(_tabs("space-more", more),)))
    return (*blocks, *sheets.values())


def _tabs(id: str, spaces: list[Space]) -> Block:
    if len(spaces) == 1:
        return spaces[0]
    named = tuple((space.name or "Lost", (space,)) for space in spaces)
    return Tabs(id=id, title="Latent space of", tabs=named)


def _lost(why: str) -> Space:
    return Space(name="", chart=explored.lost(why))


@isolation.isolated("chart", _lost)
def _of(evidence: Evidence, one: Configuration, sheets: dict[str, Sprite]) -> Space | None:
    """That of one configuration, if it left codes."""
    return explored.space(evidence, one, sheets.get(one.settings["dataset"]))


def _thinning(evidence: Evidence, count: int) -> str:
    """The rule by which configurations were left out; empty if all are there."""
    total, said = len(evidence.configurations), ""
    if count < total:
        said = f"{count} of {total} configurations are shown: beside these, the first of the galleries. "
    return (said + galleries.first_seed(evidence)).strip()
