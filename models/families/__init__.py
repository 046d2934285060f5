"""Training objectives: one file a model, which reads like its paper."""
