"""Which optimisers a backend may replace by its own single operation."""

import keras


def is_bare(optimizer: keras.optimizers.Optimizer) -> bool:
    """Whether an Adam or AdamW does nothing to gradients, moments and weights beyond its own formula.

    The decay of weights is part of both. What clips, averages or accumulates is left to Keras.
    """
    extras = ("clipnorm", "clipvalue", "global_clipnorm", "amsgrad", "use_ema", "loss_scale_factor")
    others = (*extras, "gradient_accumulation_steps")
    return not any(getattr(optimizer, name, None) for name in others)
