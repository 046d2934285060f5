"""The sections of a report, each from evidence to what it says and shows; `findings` is the first."""
