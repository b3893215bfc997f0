"""The profiles by name: every choice alone, and the misbehaviours of articles, for the command line."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any, Literal, get_args, get_origin, get_type_hints

from demo.newspaper.fault import Fault
from demo.newspaper.profile import Profile

ARTICLES = "/world/*/*/"
"""The World articles, and the second pages of its sub-sections."""

REFUSED = {
    "unauthorised": Fault(401),
    "forbidden": Fault(403),
    "unavailable_for_legal_reasons": Fault(451),
    "too_many_seconds": Fault(429, times=1, retry_after="3"),
    "too_many_date": Fault(429, times=1, retry_after=timedelta(seconds=5)),
    "too_many": Fault(429, times=1),
    "error_once": Fault(500, times=1),
    "bad_gateway_once": Fault(502, times=1),
    "overloaded_once": Fault(503, times=1),
}
"""The refusals of articles that have a status of their own."""

PAGE_KINDS = (
    "blank", "reset", "hangs", "stalls", "truncated", "truncated_chunked", "broken_gzip", "br", "zstd",
    "chunked", "wrong_charset", "oversize", "oversize_chunked", "oversize_gzip", "noarchive",
    "noarchive_us", "noarchive_other", "canonical_wrong", "canonical_many", "canonical_home",
    "page_not_found", "front_instead", "null_content", "cloudflare_challenge", "akamai_denied",
    "captcha", "consent_wall", "empty_page", "redirect_self", "redirect_loop", "redirect_chain",
    "redirect_section", "redirect_home", "redirect_subscribe", "redirect_other_host",
    "redirect_loopback", "redirect_metadata",
)  # fmt: skip
"""The kinds of fault that can be asked for on every World article."""


def combined(names: Sequence[str]) -> Profile:
    """Return the profile with the misbehaviours of all these names; of one field the last counts.

    `KeyError` for an unknown name.
    """
    found = Profile()
    for name in names:
        asked = PROFILES[name]
        changed = {
            field.name: getattr(asked, field.name)
            for field in dataclasses.fields(Profile)
            if getattr(asked, field.name) != getattr(Profile(), field.name)
        }
        found = dataclasses.replace(found, **changed)
    return found


def _single_choices() -> Iterator[tuple[str, Profile]]:
    """Name every choice of every field after both, as in `robots_blocks_all`."""
    for field, hint in get_type_hints(Profile).items():
        for choice in _choices(hint):
            if choice != getattr(Profile(), field):
                yield f"{field}_{choice}", dataclasses.replace(Profile(), **{field: choice})


def _choices(hint: object) -> Iterator[Any]:
    if get_origin(hint) is Literal:
        yield from get_args(hint)
    else:
        for part in get_args(hint):
            if get_origin(part) is Literal:
                yield from get_args(part)


PROFILES: dict[str, Profile] = {
    "normal": Profile(),
    "no_validators": Profile(validators=False),
    "no_compression": Profile(compress=False),
    "lively_cards": Profile(side_cards="by_minute"),
    "silent_feeds": Profile(rss="empty"),
    "split_days": Profile(sitemap_limit=20),
    "thin_days": Profile(day_limit=2),
    "empty_days": Profile(day_limit=0),
    "removed_not_found": Profile(removed_status=404),
    **dict(_single_choices()),
    **{f"articles_{name}": Profile(faults={ARTICLES: name}) for name in PAGE_KINDS},
    **{f"articles_{name}": Profile(faults={ARTICLES: fault}) for name, fault in REFUSED.items()},
}
"""Profiles that can be asked for by name on the command line."""
