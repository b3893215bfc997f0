"""How long a story takes to read, in minutes, as its page states it."""

import re

from pipelines.pages.markup import plain
from pipelines.pages.named import Named
from pipelines.pages.structured import Structured, first_string

# The length may be glued to a time or a year: `21:285 mins to read` are five minutes, after 21:28.
_SHOWN = re.compile(
    r"(?:\d{1,2}[:.]\d\d|(?:19|20)\d\d)?"
    r"(?P<length>(?P<minutes>\d{1,3})[\s-]*min(?:ute)?s?\.?\s*(?:to\s+)?read(?:ing)?(?:\s+time)?\b)",
    re.IGNORECASE,
)
_DURATION = re.compile(
    r"P(?:0+D)?T(?:(\d{1,2})H)?(?:(\d{1,3})M)?(?:\d+(?:\.\d+)?S)?", re.IGNORECASE
)
_LABEL = re.compile(r"\bread(?:ing)?(?: time)?\b|^time to read$", re.IGNORECASE)
_DATA = re.compile(r"(\d{1,3}) ?min(?:ute)?s?\b", re.IGNORECASE)


def shown(text: str) -> int | None:
    """Return the minutes in ``5 mins to read``, ``3 minutes to read``. None when there are none."""
    found = _SHOWN.search(text)
    return int(found["minutes"]) if found else None


def without(text: str) -> str:
    """Return the text of an element without the reading time that may be glued to it."""
    found = _SHOWN.search(text)
    return text[: found.start("length")] + text[found.end() :] if found else text


def stated(data: Structured) -> Named[int] | None:
    """Return the minutes in JSON-LD ``timeRequired`` or in what is shown beside a shared link."""
    found = _DURATION.fullmatch(first_string(data.article.get("timeRequired")) or "")
    if found and (minutes := 60 * int(found[1] or 0) + int(found[2] or 0)):
        return Named(minutes, "json-ld:timeRequired")
    for number in ("1", "2"):
        label, value = (data.first(f"twitter:{kind}{number}") for kind in ("label", "data"))
        if label and value and _LABEL.search(plain(label[0])) and (told := _DATA.match(value[0])):
            return Named(int(told[1]), f"meta:{value[1]}")
    return None
