"""What a unit of work is kept under: a key of its settings and of the version of the protocol."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

PROTOCOL_VERSION = 4
"""2: seeds draw noise of their own; in 1 those of VAEs overlapped on torch. 3: what chooses is measured on
validation images, and images that repeat count as neighbours of each other. 4: codes are clustered, and
classified from few labels, as they are and from several seeds; networks are timed in turns. What is trained
is the same in 3 and 4."""
READ_PROTOCOLS = (3, PROTOCOL_VERSION)
"""Those whose runs can be read, compared and rendered; a run is continued by the version that began it."""


def canonical_json(value: Any) -> str:
    """JSON with sorted keys and no spaces: equal values give equal texts."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def key(protocol: int, settings: Mapping[str, Any]) -> str:
    """First 12 hex digits of the SHA-256 of the canonical JSON of settings and protocol version."""
    text = canonical_json({"protocol": protocol, **settings})
    return hashlib.sha256(text.encode()).hexdigest()[:12]
