"""The machine a run is on: backend, processors, memory, threads, and what is said of them."""
