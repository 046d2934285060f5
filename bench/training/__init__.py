"""One model is trained, and its network timed."""
