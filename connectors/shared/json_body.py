"""JSON with Chinese as it is written, not as escapes."""

from __future__ import annotations

import json


def as_written(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
