"""The sections of the newspaper by the first part of their addresses."""

from __future__ import annotations

SECTIONS = {
    "world": "World",
    "nz": "New Zealand",
    "business": "Business",
    "sport": "Sport",
    "entertainment": "Entertainment",
    "travel": "Travel",
    "video": "Video",
    "sponsored-stories": "Sponsored Stories",
}
