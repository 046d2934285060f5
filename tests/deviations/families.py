"""Families of models: parents where the own idea is off, and formulas, as their tests find them.

What is computed stands in `tests/models/families/`; nothing here is of the images of the other checks.
"""

from collections.abc import Callable

from tests.deviations.material import Check, Material
from tests.models.families import test_neutral as neutral
from tests.models.families import test_plain_checks as plain
from tests.models.families import test_variational_checks as variational

ON = "24 images of 6x5"


def _check(
    measure: str, against: str, bound: float, found: Callable[[], float], unit: str = "relative", on: str = ON
) -> Check:
    def deviation(_: Material) -> float:
        return float(found())

    return Check(measure=measure, against=against, on=on, bound=bound, unit=unit, deviation=deviation)


def _with(name: str, options: dict[str, object]) -> str:
    told = ", ".join(f"{option} = {value}" for option, value in options.items())
    return f"`{name}` with {told}"


PARENTS = (
    *(
        _check(
            _with(name, options),
            "`ae`",
            neutral.PLAIN_BOUND,
            lambda a=(name, options): neutral.from_plain(*a),
        )
        for name, options in neutral.PLAIN
    ),
    *(
        _check(
            _with(name, options),
            _with("vae", parent) if parent else "`vae`",
            neutral.PLAIN_BOUND,
            lambda a=(name, options, parent): neutral.from_vae(*a),
        )
        for name, options, parent in neutral.VARIATIONAL
    ),
    *(
        _check(
            _with(name, options),
            "`vae`, its KL from one code",
            neutral.SAMPLED_BOUND,
            lambda a=(name, options, noise): neutral.from_sampled_vae(*a),
        )
        for name, options, noise in neutral.SAMPLED
    ),
    _check(
        "`mog_prior` of one standard component",
        "`vae`, its KL from one code",
        neutral.SAMPLED_BOUND,
        neutral.mixture_from_vae,
    ),
    *(
        _check(
            f"`predicted_sigma_vae`, {kind}, variance 1/2",
            "`vae` and its constant",
            neutral.SAMPLED_BOUND,
            lambda kind=kind: neutral.predicted_from_vae(kind),
        )
        for kind in ("per_image", "per_pixel")
    ),
)
FORMULAS = (
    _check(
        "`swae`: sliced distance in one dimension",
        "quantiles of SciPy",
        plain.SLICED_BOUND,
        plain.sliced_from_quantiles,
        unit="",
        on="200 codes, 3 times",
    ),
    _check(
        "`cwae`: distance in one dimension",
        "SciPy's integral of smoothed densities",
        plain.CRAMER_WOLD_BOUND,
        plain.cramer_wold_from_integral,
        on="40 codes",
    ),
    _check(
        "`cb_vae`: integral and mean of a pixel",
        "SciPy's integrals",
        variational.INTEGRAL_BOUND,
        lambda: max(map(variational.bernoulli_from_integral, variational.LOGITS)),
        unit="",
        on=f"{len(variational.LOGITS)} logits",
    ),
    *(
        _check(
            f"`predicted_sigma_vae`, {kind}: loss and likelihood",
            "SciPy's normal density",
            variational.DENSITY_BOUND,
            lambda kind=kind: variational.predicted_from_scipy(kind),
        )
        for kind in ("per_image", "per_pixel")
    ),
    _check(
        "`iwae`, `miwae`: bounds of 1, 4 and 64 codes",
        "SciPy's densities",
        variational.DENSITY_BOUND,
        variational.bounds_from_weights,
    ),
    _check(
        "`beta_tc_vae`: the three parts of the KL",
        "SciPy's densities",
        variational.PARTS_BOUND,
        variational.parts_from_scipy,
        unit="nats",
    ),
    *(
        _check(
            f"`dip_vae`, {kind}: penalty",
            "NumPy's covariance",
            variational.DENSITY_BOUND,
            lambda kind=kind: variational.covariance_from_numpy(kind),
        )
        for kind in ("i", "ii")
    ),
    _check(
        "`mog_prior`: KL and density of the prior",
        "SciPy's mixture",
        variational.MIXTURE_BOUND,
        variational.mixture_from_scipy,
        unit="nats",
    ),
)
CHECKS = (*PARENTS, *FORMULAS)
