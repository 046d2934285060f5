"""What a trial sees of a data set."""
