"""Cards of models without a posterior."""

from collections.abc import Mapping
from typing import Any

from ..cards import ModelCard, Option
from .shared import idle


def _mask_below_one(settings: Mapping[str, Any]) -> str:
    level = settings["corruption_level"]
    if settings["corruption"] == "gaussian" or level < 1:
        return ""
    return f"expected a corruption_level below 1, the share of values that a mask takes, received {level}"


_ACTIVE = Option("active", 4, minimum=1, text="entries of a code that stay, of topk")
_SPARSITY_WEIGHT = Option("sparsity_weight", 0.1, minimum=0, text="of the penalty of l1 and kl")
_LINEAR_SCALE = Option(
    "linear_scale", 0.577, minimum=0.001, text="their start, in 1 / sqrt(latent_dim)", source="0.577"
)


def _sparse(settings: Mapping[str, Any]) -> str:
    active, size, sparsity = settings["active"], settings["latent_dim"], settings["sparsity"]
    if sparsity != "topk":
        return idle(_ACTIVE, settings, f"with sparsity={sparsity}")
    if active > size:
        return f"expected active <= latent_dim={size}, received {active}"
    return idle(_SPARSITY_WEIGHT, settings, "with sparsity=topk")


def _scaled_layers(settings: Mapping[str, Any]) -> str:
    return idle(_LINEAR_SCALE, settings, "with linear_layers=0") if settings["linear_layers"] == 0 else ""


CARDS = (
    ModelCard(
        name="ae",
        title="plain autoencoder",
        label="AE",
        paper="Hinton & Salakhutdinov 2006",
        code="autoencoder:Autoencoder",
        has_posterior=False,
        formula="d(x, g(f(x)))",
    ),
    ModelCard(
        name="dae",
        title="denoising autoencoder",
        label="DAE",
        paper="Vincent et al. 2008",
        code="families.dae:DenoisingAutoencoder",
        has_posterior=False,
        formula="d(x, g(f(x~))), x~ = x + level noise, or x masked",
        differs="Validation images are corrupted, too; clean images are encoded, and their error measured.",
        against="ae",
        options=(
            Option("corruption", "gaussian", known=("gaussian", "mask"), text="what is done to images"),
            Option(
                "corruption_level",
                0.25,
                minimum=0,
                maximum=10,
                text="deviation of the noise, or the share of values that are masked",
            ),
        ),
        check=_mask_below_one,
    ),
    ModelCard(
        name="sae",
        title="sparse autoencoder",
        label="SAE",
        paper="Makhzani & Frey 2014",
        code="families.sae:SparseAutoencoder",
        has_posterior=False,
        formula="d(x, g(top-k of f(x))), or d(x, g(z)) + sparsity_weight P, "
        "P = sum |z_j| / rms or sum KL(0.05 || rho_j)",
        differs="L1 is divided by the root mean square of the codes: without tied weights a smaller code and "
        "a larger decoder would pay for nothing.",
        against="ae",
        options=(
            Option("sparsity", "topk", known=("topk", "l1", "kl"), text="the largest entries, L1, or a rate"),
            _ACTIVE,
            _SPARSITY_WEIGHT,
        ),
        check=_sparse,
    ),
    ModelCard(
        name="irmae",
        title="implicit rank-minimizing autoencoder",
        label="IRMAE",
        paper="Jing et al. 2020",
        code="families.irmae:ImplicitRankAutoencoder",
        has_posterior=False,
        formula="d(x, g(W_m ... W_1 f(x)))",
        differs="The paper's code starts the layers by the default of its framework, which shrinks a code by "
        "0.577 in each of them; that is an option here, with the same default. Its layers are 8.",
        against="ae",
        options=(
            Option(
                "linear_layers",
                4,
                minimum=0,
                maximum=64,
                text="square linear layers",
                source="8",
                cost="step",
            ),
            _LINEAR_SCALE,
        ),
        check=_scaled_layers,
    ),
    ModelCard(
        name="rae",
        title="regularized autoencoder",
        label="RAE",
        paper="Ghosh et al. 2020",
        code="families.rae:RegularizedAutoencoder",
        has_posterior=False,
        formula="d(x, g(z)) + code_weight |z|^2 / 2 + decoder_weight sum w^2",
        differs="All kernels of the decoder are in the sum; in the paper's code its dense layer is not. "
        "decoder_weight = 0 is the paper's RAE, above 0 its RAE-L2.",
        against="ae",
        options=(
            Option(
                "code_weight",
                0.01,
                minimum=0,
                text="of half the squared length of a code",
                source="0.0128 in our units",
            ),
            Option(
                "decoder_weight",
                1e-4,
                minimum=0,
                text="of the decoder's squared kernels",
                source="1.02e-4 in our units",
            ),
        ),
    ),
)
