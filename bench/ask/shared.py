"""The settings of a trial that every model takes and no column has: what `options` says of each."""

from bench.ask import axes, snapshots
from bench.ask.bound_size import BoundSize

Options = tuple[tuple[str, axes.Value], ...]


def shared_option(options: Options, name: str) -> str:
    """The value of a shared setting, or its default."""
    return str(dict(options).get(name, axes.SHARED_OPTIONS[name].default))


class Shared:
    """Reads them off `options`."""

    options: Options

    @property
    def precision(self) -> str:
        """In which numbers the network computes while it is trained; it is measured in float32."""
        return shared_option(self.options, "precision")

    @property
    def binarize(self) -> str:
        """How grey images become black and white ones: see `bench.datasets.draws`."""
        return shared_option(self.options, "binarize")

    @property
    def schedule(self) -> str:
        """How the learning rate changes: see `bench.ask.schedules`."""
        return shared_option(self.options, "schedule")

    @property
    def patience(self) -> int:
        """Epochs without a better validation value after which training ends; 0 for none."""
        return int(shared_option(self.options, "patience"))

    @property
    def keep(self) -> str:
        """Which epoch's weights are measured: `best` on validation images, or `last`."""
        return shared_option(self.options, "keep")

    @property
    def train_on(self) -> str:
        """Which images train: `train`, or `all`, those for validation too."""
        return shared_option(self.options, "train_on")

    @property
    def snapshots(self) -> tuple[int, ...]:
        """Epochs after which it is measured, beside its end: see `bench.ask.snapshots`."""
        return snapshots.epochs(shared_option(self.options, "snapshots"))

    @property
    def optimizer_options(self) -> str:
        """What the optimiser takes beside the learning rate: see `bench.ask.optimizers`."""
        return shared_option(self.options, "optimizer_options")

    @property
    def output_bias(self) -> str:
        """Where the bias of the decoder's last layer starts: as initial weights, or at the `data`."""
        return shared_option(self.options, "output_bias")

    @property
    def bound(self) -> BoundSize:
        """Codes and images of the importance-weighted bound."""
        samples, images = (int(shared_option(self.options, name)) for name in axes.MEASURING)
        return BoundSize(samples=samples, images=images)
