"""How grey images are drawn as black and white ones: what `binarize` may be.

Imports nothing, so that settings can be checked without NumPy.
"""

NONE, DYNAMIC = "none", "dynamic"
PUBLISHED = {"dynamic-777": 777, "dynamic-42": 42}
"""Draws of validation and test images that were published, with the seed of NumPy's legacy generator.

777: Tomczak & Welling 2018, and Norouzi et al. 2020. 42: Takahashi et al. 2019. Training images are drawn
anew in each epoch, as of `dynamic`.
"""
KNOWN = (NONE, DYNAMIC, *PUBLISHED)
PUBLISHED_OF = ("mnist", "fashion_mnist")
"""Data sets whose parts those draws were made of."""
