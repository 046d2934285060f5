"""What a report reads of the pictures of a run: so much has to be published with it."""

from bench.keeping import gallery, packing
from bench.keeping.store import RunFolder
from bench.report.evidence import OF_CARDS, Configuration, Evidence, collapse, gather, opponents
from bench.report.sections import answers, configurations, galleries, latent_spaces, views


def whole(folder: RunFolder) -> set[str]:
    """Keys of the trials and baselines whose pictures are shown beyond the view of their own."""
    evidence = gather(folder)
    focus = collapse.without(evidence.focus)
    shown = [
        *answers.shown(evidence),
        *focus.externals,
        *galleries.baselines(focus),
        *galleries.representatives(evidence.focus),
        *latent_spaces.chosen(evidence.focus),
        *_sides(evidence),
    ]
    return {one.unit.key for one in shown}


def parts(folder: RunFolder) -> dict[tuple[str, ...], set[str]]:
    """Beginnings of names of arrays to keys of the trials of which they are shown."""
    evidence = gather(folder)
    shown = {
        packing.OF_SPACE: [*answers.shown(evidence), *latent_spaces.chosen(evidence.focus)],
        packing.OF_PAIRS: _sides(evidence),
        packing.OF_ERRORS: galleries.representatives(evidence.focus),
    }
    return {names: {one.unit.key for one in ones} for names, ones in shown.items()}


def _sides(evidence: Evidence) -> list[Configuration]:
    """Both of each pair of models that is shown side by side."""
    focus = collapse.without(evidence.focus)
    pairs = galleries.pairs([one.pairs for one in opponents.opponents(focus, "model")])
    return [one for pair in pairs for one in (pair.first, pair.second)]


def by_image(folder: RunFolder) -> set[str]:
    """Keys of the trials whose numbers of each test image are read: the first of each that is in a pair."""
    focus = collapse.without(gather(folder).focus)
    pairs = (pair for axis in OF_CARDS for one in opponents.opponents(focus, axis) for pair in one.pairs)
    return {one.unit.key for pair in pairs for one in (pair.first, pair.second)}


def of_each(folder: RunFolder) -> dict[str, int]:
    """Names of the arrays that the view of every configuration shows, and how many images of each."""
    if len(gather(folder).results) > configurations.MOST_PICTURED:
        return {}
    samples = dict.fromkeys(("samples", "mixture_samples"), views.SAMPLES)
    return {"reconstructions": gallery.MOST_IMAGES, **samples}
