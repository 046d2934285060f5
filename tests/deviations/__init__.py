"""How far each measure lies from an independent implementation or a closed form, on real images.

`python -m tests.deviations` measures it on Fashion-MNIST and prints `docs/checks.md`; `test_deviations.py`
measures it on the embedded digits and asserts the bounds. Each is the largest over images, where it has any.
"""

from tests.deviations import codes, families, generation, likelihood, reconstruction, seeds
from tests.deviations.material import Check, Material

CHECKS: tuple[Check, ...] = (
    *reconstruction.CHECKS,
    *codes.CHECKS,
    *generation.CHECKS,
    *likelihood.CHECKS,
    *seeds.CHECKS,
    *families.CHECKS,
)

__all__ = ["CHECKS", "Check", "Material"]
