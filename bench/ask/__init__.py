"""What is asked for: settings, grids, trials, measures, and how long it may take. Imports no Keras."""
