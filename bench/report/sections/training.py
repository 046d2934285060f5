"""How losses fell: curves of the configurations that are shown, and what more epochs bring."""

from bench.report.blocks.section import Blocks, Figure, Fold, Text, folded, some, text
from bench.report.evidence import Evidence
from bench.report.findings import about_settings
from bench.report.sections import chart_losses, galleries, snapshots

_CAPTION = (
    "The training loss by epoch (a sum over pixels, plus β times KL for a VAE), so levels compare within one "
    "loss and one β only. The ring marks the epoch with the lowest validation loss, which is the one that is "
    "kept unless a trial has keep = last. A validation curve that rises while the training curve falls is "
    "overfitting."
)
_NONE = "No trial has left a history."


def section(evidence: Evidence, late: Evidence, shown: str) -> Blocks | None:
    """Curves of `evidence`; `late` holds all configurations that may not have levelled off."""
    falls = chart_losses.draw(evidence)
    rule = text(chart_losses.rule(evidence), shown).text
    charts = tuple(galleries.training_charts(evidence))
    caption = text(_CAPTION, shown, galleries.thinning(evidence)).text
    if charts:
        each = Figure(charts=charts, caption=caption, is_small=True)
        curves: Blocks = (Fold(title="Training and validation loss, one by one", blocks=(each,)),)
    else:
        curves = (text(_NONE),)
    first = (Figure(charts=falls, caption=rule, is_row=True),) if falls else ()
    tables = [table for dataset in evidence.datasets if (table := snapshots.table(evidence, dataset))]
    return some([_late(late), *first, *curves, *map(folded, tables)])


def _late(evidence: Evidence) -> Text | None:
    """Who had not stopped learning, by name where it is not everybody."""
    late = about_settings.unfinished_learning(evidence)
    if not late:
        return None
    lead = "Not levelled off."
    if len(late) == len(evidence.configurations):
        told = "For every configuration the last epoch was the best of some seed."
        return Text(lead=lead, text=told)
    others = [one for one in evidence.configurations if one not in late]
    but, named = ("all but ", others) if len(others) < len(late) else ("", late)
    told = f"The last epoch was the best of some seed for {but}{'; '.join(one.name for one in named)}."
    return Text(lead=lead, text=told)
