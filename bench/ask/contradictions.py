"""Settings of one trial that do not go together, each told in one line before anything runs."""

from bench import datasets, errors
from bench.ask import optimizers, schedules
from bench.ask.trial import External, Trial
from bench.ask.views import TRAIN_IMAGES
from bench.datasets import draws


def check(trial: Trial) -> None:
    """Refuse a trial whose settings contradict each other.

    Raises
    ------
    GridError
        With what was expected, what came, and what to do.
    """
    optimizers.check(trial.optimizer, trial.optimizer_options)
    if trial.binarize != draws.NONE:
        check_draws(trial)
    if trial.train_on == "all":
        _check_without_validation(trial)
    if trial.snapshots:
        _check_snapshots(trial)
    if wanted := trial.views.get(TRAIN_IMAGES):
        _check_images(trial, int(wanted))
    if wanted := trial.model_options.get("components"):
        _check_components(trial, int(wanted))
    if "labels" in trial.model_card.needs:
        _check_labels(trial)


def check_draws(trial: Trial | External) -> None:
    """Images are grey, and published draws are of the parts that were published.

    Raises
    ------
    GridError
        In one line, if they are not.
    """
    if datasets.is_binarised(trial.dataset):
        raise errors.GridError(
            f"expected binarize = none with {trial.dataset}, whose images are black and white as they were "
            f"published, received {trial.binarize}; leave it out"
        )
    views = trial.cards.all_views()
    changed = [name for name in trial.views if views[name].changes == "all"]
    if trial.binarize in draws.PUBLISHED and (trial.dataset not in draws.PUBLISHED_OF or changed):
        of = f"{trial.dataset} with {', '.join(changed)}" if changed else trial.dataset
        raise errors.GridError(
            f"expected one of {', '.join(draws.PUBLISHED_OF)}, as it was published, with binarize = "
            f"{trial.binarize}, received {of}; give binarize = dynamic"
        )


def _check_without_validation(trial: Trial) -> None:
    """No image is left unseen that could choose an epoch."""
    why = "with train_on = all no validation image is unseen, so none can choose an epoch"
    if trial.keep != "last":
        raise errors.GridError(
            f"{why}: expected keep = last, received keep = {trial.keep}; "
            "add keep = last, or leave out train_on"
        )
    if trial.patience:
        raise errors.GridError(
            f"{why}: expected patience = 0, received patience = {trial.patience}; "
            "leave out patience, or train_on"
        )


def _check_images(trial: Trial, wanted: int) -> None:
    """There are as many to train on, and more than one."""
    there, _ = datasets.train_size(trial.dataset)
    if not 2 <= wanted <= there:
        raise errors.GridError(
            f"expected train_images from 2 to {there}, as many as {trial.dataset} has, received {wanted}; "
            "give another number, or 0 for all"
        )


def _check_components(trial: Trial, wanted: int) -> None:
    """A prior has no more components than there are images to train it on."""
    there = int(trial.views.get(TRAIN_IMAGES, 0)) or datasets.train_size(trial.dataset)[0]
    if wanted > there:
        raise errors.GridError(
            f"expected components from 1 to {there}, as many as there are training images, received {wanted}"
            "; give fewer"
        )


def _check_labels(trial: Trial) -> None:
    """Images have labels where a model is trained on them."""
    if not datasets.is_labelled(trial.dataset):
        raise errors.GridError(
            f"expected images with labels, which a model {trial.model} is trained on, received "
            f"{trial.dataset} without any; choose another model, or give the images labels"
        )


def _check_snapshots(trial: Trial) -> None:
    """A snapshot is what the same trial would be with that many epochs."""
    last = trial.snapshots[-1]
    if last >= trial.epochs:
        raise errors.GridError(
            f"expected snapshots before the last of {trial.epochs} epochs, received {last}; "
            "leave it out, or train for more epochs"
        )
    if trial.schedule == schedules.COSINE:
        raise errors.GridError(
            "with schedule = cosine the learning rate goes by the number of epochs, so no epoch before the "
            "last is the end of a shorter training; expected another schedule, or no snapshots"
        )
