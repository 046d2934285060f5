"""The test MSE and KL of what examples/peers.py has trained: `python examples/peers_quality.py FOLDER`.

`bench measure` says far more, as README tells. Both are of the mean of the posterior, as there; the last
column is the deviation of codes over images, a mean over their numbers.
"""

import pathlib
import sys

import numpy as np
import peers
import torch

from bench import datasets


@torch.no_grad()
def main() -> None:
    """Print a row of a table each."""
    images = datasets.load_once("fashion_mnist").test.images
    images = torch.from_numpy(np.asarray(images)).flatten(1)
    print("library,settings,model,seed,test_mse,test_kl,code_deviation")
    for path in sorted(pathlib.Path(sys.argv[1]).glob("*/weights.pt")):
        where, settings, name, seed = path.parent.name.split("-")
        theirs = peers.library(where)
        model = theirs.build(settings, name)
        model.load_state_dict(torch.load(path, weights_only=True))
        codes, kl = theirs.encoded(model.eval(), name, images), ""
        if theirs.is_variational(name):
            codes, log_variance = codes
            nats = 0.5 * (codes.square() + log_variance.exp() - 1 - log_variance).sum(dim=1)
            kl = f"{nats.mean():.4f}"
        mse = (theirs.decoded(model, name, codes) - images).square().mean()
        print(f"{where},{settings},{name},{seed},{mse:.6f},{kl},{codes.std(dim=0).mean():.3f}")


if __name__ == "__main__":
    main()
