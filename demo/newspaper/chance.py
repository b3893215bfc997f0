"""Chance that comes out the same every time."""

from __future__ import annotations

import random


def chance(*parts: object) -> random.Random:
    """Make a generator that depends on these parts and nothing else, whatever the machine."""
    seed = " ".join(str(part) for part in parts)
    return random.Random(seed)  # noqa: S311 - it makes up stories, it keeps no secret
