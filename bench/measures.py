"""Groups of measures: what `--measures` takes."""

from bench import axes, errors

GROUPS = {
    "basic": "reconstruction, KL and ELBO, the latent space and its classifiers",
    "generation": "samples against real images, in the features of a classifier",
    "likelihood": "the importance-weighted bound on the likelihood",
    "robustness": "noisy and occluded images",
}
DEFAULT = ("basic", "generation")


def parse(text: str | None) -> tuple[str, ...]:
    """`basic,generation` to its names, in the order of `GROUPS`; `basic` is always among them.

    Raises
    ------
    UsageError
        If a name is not one of a group.
    """
    if text is None:
        return DEFAULT
    names = {name.strip() for name in text.split(",")}
    for name in sorted(names - GROUPS.keys()):
        raise errors.UsageError(axes.unknown("group of measures", name, GROUPS))
    return tuple(name for name in GROUPS if name in names | {"basic"})
