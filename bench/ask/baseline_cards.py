"""Which baselines there are: a card and a file each, and which of them stand beside models by default."""

import dataclasses
from collections.abc import Sequence

from bench import errors
from bench.models.cards import Card, Option

ALL = "all"


@dataclasses.dataclass(frozen=True, kw_only=True)
class BaselineCard(Card):
    """What is fitted without gradients: `code` is a function of a `Baseline` and a data set to a coder.

    Attributes
    ----------
    default
        Whether it stands beside models where nobody asks for baselines.
    has_size
        Whether its codes have a size, so that there is one for each latent size of the models.
    of_architectures
        Whether there is one for each architecture of the models: it takes the options of that, too.
    is_of_some
        Whether it is fitted to a fixed choice of the training images where these are too many to hold at once
        as floats: by `bench.tasks.baselines.components.fitted_to`.
    seconds
        What fitting it takes for a million pixels of training images, beside measuring it; roughly.
    """

    default: bool = False
    has_size: bool = True
    of_architectures: bool = False
    is_of_some: bool = False
    seconds: float = 0.0


_PACKAGE = "bench.tasks.baselines"
BETA = Option("beta", 1.0, minimum=0, text="weight of the KL term")
VARIANCE = Option(
    "variance",
    "fixed",
    known=("fixed", "fitted"),
    text="of a pixel given a code: 1/2, which the loss mse stands for, or the one that fits the images best",
)

BASELINES: dict[str, BaselineCard] = {
    card.name: card
    for card in (
        BaselineCard(
            name="mean",
            title="the mean training image, whatever the input",
            label="MEAN",
            code=f"{_PACKAGE}.coders:mean_image",
            default=True,
            has_size=False,
        ),
        BaselineCard(
            name="pca",
            is_of_some=True,
            title="principal components of the training images: the best linear autoencoder",
            label="PCA",
            code=f"{_PACKAGE}.coders:principal_components",
            default=True,
        ),
        BaselineCard(
            name="pixels",
            title="the raw pixels as the code: no compression",
            label="PIXELS",
            code=f"{_PACKAGE}.coders:pixels",
            default=True,
            has_size=False,
        ),
        BaselineCard(
            name="linear_vae",
            is_of_some=True,
            title="the optimum, in closed form, of a VAE with a linear encoder and decoder and the loss mse",
            label="linear VAE",
            paper="Tipping & Bishop 1999; Lucas et al. 2019",
            code=f"{_PACKAGE}.linear_vae:linear_vae",
            options=(BETA, VARIANCE),
            default=True,
        ),
        BaselineCard(
            name="random",
            is_of_some=True,
            title="a Gaussian random projection, decoded by least squares",
            label="random projection",
            code=f"{_PACKAGE}.random_projection:random_projection",
            seconds=0.02,
        ),
        BaselineCard(
            name="untrained",
            title="the encoder of each architecture with its initial weights; codes alone",
            label="untrained",
            code=f"{_PACKAGE}.untrained:untrained",
            of_architectures=True,
            seconds=0.1,
        ),
        BaselineCard(
            name="factor_analysis",
            is_of_some=True,
            title="factor analysis: a linear Gaussian model whose pixels have variances of their own",
            label="factor analysis",
            paper="Rubin & Thayer 1982",
            code=f"{_PACKAGE}.factor_analysis:factor_analysis",
            seconds=0.3,
        ),
        BaselineCard(
            name="nmf",
            title="non-negative matrix factorisation: parts that only add up",
            label="NMF",
            paper="Lee & Seung 1999",
            code=f"{_PACKAGE}.nmf:nmf",
            seconds=0.8,
        ),
        BaselineCard(
            name="ica",
            is_of_some=True,
            title="independent components: PCA, its codes turned until they are as independent as can be",
            label="ICA",
            paper="Hyvärinen & Oja 2000",
            code=f"{_PACKAGE}.ica:ica",
            seconds=0.3,
        ),
    )
}

DEFAULT = tuple(name for name, card in BASELINES.items() if card.default)


def chosen(names: Sequence[str]) -> tuple[str, ...]:
    """The baselines of these names, in the order of `BASELINES`; `all` names every one.

    Raises
    ------
    GridError
        If there is none of a name.
    """
    for name in names:
        if name not in (*BASELINES, ALL):
            raise errors.GridError(errors.unknown("baseline", name, (*BASELINES, ALL)))
    return tuple(name for name in BASELINES if name in names or ALL in names)
