"""Settings of one trial that do not go together, each told in one line before anything runs."""

from bench import errors
from bench.ask import optimizers
from bench.ask.trial import Trial


def check(trial: Trial) -> None:
    """Refuse a trial whose settings contradict each other.

    Raises
    ------
    GridError
        With what was expected, what came, and what to do.
    """
    optimizers.check(trial.optimizer, trial.optimizer_options)
    if trial.train_on == "all":
        _check_without_validation(trial)


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
