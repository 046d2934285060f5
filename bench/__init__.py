"""A benchmark suite for autoencoders: grid file -> trials -> run folder -> statistics -> report."""

__version__ = "0.1.0"
