"""What needs the three backends is skipped where one is absent."""

import pytest

from bench.machine import backend
from bench.machine.backend import BACKENDS

ABSENT = [name for name in BACKENDS if not backend.installed(name)]
needs_all = pytest.mark.skipif(bool(ABSENT), reason=f"needs all three backends, absent: {', '.join(ABSENT)}")
