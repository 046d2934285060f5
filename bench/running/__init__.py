"""A run: planned, executed on workers, recorded, told, published."""
