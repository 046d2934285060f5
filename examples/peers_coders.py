"""What examples/peers.py has trained, for `bench measure examples/peers_coders.py:pythae_matched_vae`.

The folder is named by the environment variable PEERS. Names are those of libraries, settings and models:
`pythae_own_vae`, `autoencoders_matched_wae_mmd`, ...
"""

import functools
import json
import os
import pathlib

import peers
import peers_networks
import torch

from bench import Given
from bench.models.distributions import StandardNormal

FOLDER = pathlib.Path(os.environ.get("PEERS", "peers"))


def load(where, settings, name, seed):
    """The coder of a model: its own encoder, decoder, prior and likelihood."""
    folder, theirs = peers.place(FOLDER, where, settings, name, seed), peers.library(where)
    model = theirs.build(settings, name)
    model.load_state_dict(torch.load(folder / "weights.pt", weights_only=True))
    model.eval()
    is_variational = theirs.is_variational(name)

    @torch.no_grad()
    def encoded(images):
        return theirs.encoded(model, name, torch.tensor(images).flatten(1))

    @torch.no_grad()
    def decode(codes):
        return theirs.decoded(model, name, torch.tensor(codes)).reshape(-1, 28, 28, 1)

    has_prior = is_variational or name == "wae_mmd"
    # A matched model has the minimum of ours: its likelihood is that of the squared error.
    own = theirs.OWN_VARIANCE if is_variational and settings == "own" else "mse"
    return Given(
        **({"posterior": encoded} if is_variational else {"encode": encoded}),
        decode=decode,
        prior=StandardNormal(size=peers_networks.SIZE) if has_prior else None,
        log_likelihood=own,
        title=f"{type(model).__name__} of {where}, {settings} settings",
        parameter_count=theirs.trained(model),
        fit_seconds=json.loads((folder / "about.json").read_text())["fit_seconds"],
    )


for _where in peers.LIBRARIES:
    for _settings in ("own", "matched"):
        for _name in peers.library(_where).MODELS:
            globals()[f"{_where}_{_settings}_{_name}"] = functools.partial(load, _where, _settings, _name)
