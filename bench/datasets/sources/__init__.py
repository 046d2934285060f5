"""Where images come from: a name or a path to a `Dataset`."""
