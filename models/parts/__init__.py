"""What models share: losses, streams of random numbers, initial weights."""
