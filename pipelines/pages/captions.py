"""Captions: what a picture shows, apart from who took it."""

import re

_CREDIT = re.compile(
    r"""[\s.;,|(\[]*\b(?:Photos?|Photograph|Photography|Picture|Pictures|Image|Images|Video|Graphic|Illustration|Credit|Photo\ credit|Image\ credit|
    Photo\ illustration|Pic)\s*(?:[/:|]|\bby\b|©)\s*(?P<credit>[^/].{0,118}?)[\])\s]*$""",
    re.VERBOSE,
)
_SOURCE_AT_END = re.compile(
    r"[\s(\[]+(?P<credit>(?:[A-Z][^()\[\]/]{0,50}/\s?)?(?:AP Photo|AFP|Getty Images|Reuters|REUTERS|Associated Press|EPA|Shutterstock)(?:[/ ][^()\[\]]{0,50})?)[\])]+\s*$"
)
_PREFIX = re.compile(
    r"^(?:Photo|Photograph|Picture|Image|Credit|Photo credit|Image credit|Copyright|©|Getty)\s*(?:[/:|©]|\bby\b)\s*",
    re.IGNORECASE,
)


_LONGEST_CAPTION = 2000


def split_credit(text: str) -> tuple[str | None, str | None]:
    """Return caption and credit of ``Delegates arrive. Photo / AP``; either may be None."""
    if len(text) > _LONGEST_CAPTION:  # no caption, and the patterns would take their time
        return text.strip(), None
    for pattern in (_CREDIT, _SOURCE_AT_END):
        found = pattern.search(text)
        if found:
            caption = text[: found.start()]
            # The full stop that ends the caption's sentence stays with the caption.
            caption += "." if text[found.start() :].lstrip().startswith(".") else ""
            return caption.strip() or None, found["credit"].strip(" .") or None
    return text.strip() or None, None


def credit_of(text: str) -> str | None:
    """Return the name in a credit line such as ``Photo: Jane Example``. None when there is none."""
    return _PREFIX.sub("", text).strip(" .()") or None
