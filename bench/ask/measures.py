"""Groups of measures: what `--measures` takes."""

from collections.abc import Iterable

from bench import errors

GROUPS = {
    "basic": "reconstruction, KL and ELBO, the latent space and its classifiers",
    "generation": "samples against real images, in the features of a classifier",
    "likelihood": "the importance-weighted bound on the likelihood; of PCA the likelihood itself",
    "robustness": "noisy and occluded images",
}
DEFAULT = ("basic", "generation")


OUTSIDE = "outside:"
"""Before the name of another data set: what `robustness` finds against it is a group of its own."""


def parse(text: str | None, outside: str | None = None) -> tuple[str, ...]:
    """`basic,generation` to its names, in the order of `GROUPS`; `basic` is always among them.

    Raises
    ------
    UsageError
        If a name is not one of a group, or another data set is given for nothing.
    """
    names = {name.strip() for name in text.split(",")} if text is not None else set(DEFAULT)
    for name in sorted(names - GROUPS.keys()):
        raise errors.UsageError(errors.unknown("group of measures", name, GROUPS))
    if outside and "robustness" not in names:
        raise errors.UsageError(
            "--outside is for the measures of robustness; add --measures basic,robustness"
        )
    known = tuple(name for name in GROUPS if name in names | {"basic"})
    return (*known, f"{OUTSIDE}{outside}") if outside else known


def union(asked: tuple[str, ...], kept: Iterable[str]) -> tuple[str, ...]:
    """What is asked for and what was measured before, as `parse` gives it; of two other data sets the new."""
    names = {*asked, *kept}
    other = outside(asked) or outside(names)
    known = tuple(name for name in GROUPS if name in names)
    return (*known, f"{OUTSIDE}{other}") if other else known


def outside(groups: Iterable[str]) -> str:
    """The other data set that is named among groups; empty if there is none."""
    return next((name.removeprefix(OUTSIDE) for name in groups if name.startswith(OUTSIDE)), "")
