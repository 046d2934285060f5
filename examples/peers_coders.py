"""What examples/peers.py has trained, for `bench measure examples/peers_coders.py:matched_vae --seeds 0,1,2`.

The folder is named by the environment variable PEERS. Names are those of settings and models:
`own_vae`, `matched_wae_mmd`, ...
"""

import functools
import json
import os
import pathlib

import peers
import torch

from bench import Given
from bench.models.distributions import StandardNormal

FOLDER = pathlib.Path(os.environ.get("PEERS", "peers"))


def load(settings, name, seed):
    """The coder of a model: its own encoder, decoder, prior and likelihood."""
    folder = FOLDER / f"{settings}-{name}-{seed}"
    model = peers.build(settings, name)
    model.load_state_dict(torch.load(folder / "weights.pt", weights_only=True))
    model.eval()
    is_variational = isinstance(model, peers.pythae.VAE)

    @torch.no_grad()
    def encoded(images):
        found = model.encoder(torch.tensor(images).permute(0, 3, 1, 2))
        return (found.embedding, found.log_covariance) if is_variational else found.embedding

    @torch.no_grad()
    def decode(codes):
        codes = torch.tensor(codes)
        if name == "vq_vae":  # any code is brought to the nearest of its book
            grid = codes[:, None, None, :].permute(
                0, 2, 3, 1
            )  # as in its `forward`: a code of one number each
            codes = model.quantizer(grid).quantized_vector.reshape(codes.shape)
        return model.decoder(codes).reconstruction.permute(0, 2, 3, 1)

    has_prior = is_variational or name == "wae_mmd"
    return Given(
        **({"posterior": encoded} if is_variational else {"encode": encoded}),
        decode=decode,
        prior=StandardNormal(size=peers.SIZE) if has_prior else None,
        log_likelihood=1.0 if is_variational else "mse",  # those halve the squared error
        title=f"{type(model).__name__} of pythae, {settings} settings",
        parameter_count=sum(weights.numel() for weights in model.parameters()),
        fit_seconds=json.loads((folder / "about.json").read_text())["fit_seconds"],
    )


for _settings in peers.TRAINING:
    for _name in peers.MODELS:
        globals()[f"{_settings}_{_name}"] = functools.partial(load, _settings, _name)
