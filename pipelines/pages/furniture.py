"""Furniture: lines a site puts among the paragraphs of every article, known by their whole wording.

Only a whole block is left out, so that a paragraph that speaks of newsletters or advertisements stays.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache

from archive.records import Block

_LONGEST = 300
_NOTICE = re.compile(
    r"""\W*(?:
    advertise(?:ment)? | ads? | (?:article|story)\ continues\ (?:below|after)(?:\ th(?:is|e))?(?:\ ad\w*)? | sponsored(?:\ content|\ link)?
    | article\ content | you\ (?:may|might)(?:\ also)?\ (?:like|be\ interested\ in) | (?:leave\ a\ )?comments? | share(?:\ this(?:\ \w+)?)?
    | cite\ this\ page | print(?:\ article)? | order\ reprints | listen\ to\ this(?:\ \w+){0,3} | most\ (?:read|popular|viewed)(?:\ \w+)?
    | (?:log|sign)\ (?:in|up)(?:\ or\ \w+)?(?:\ \w+){0,5} | thank\ you\ for\ (?:subscribing|signing\ up).* | story\ source
    )\W*""",
    re.IGNORECASE | re.VERBOSE,
)
_LIST_LABEL = re.compile(
    r"\W*(?:related(?: (?:content|videos?|stories|articles?|coverage|topics|news|links))?|read (?:more|next|also)|"
    r"recommended(?: for you| reading| stories)?|see also|more (?:from|on|must-reads).{0,40}|up next|you may also like)\W*",
    re.IGNORECASE,
)
_POINTER = re.compile(
    r"\[?(?:read (?:more|also|next)|(?:also|must) read|see also|more|related|watch|listen|don.t miss|recommended)\s*[-:|–]\s*\S.{0,180}",
    re.IGNORECASE,
)
_NEWSLETTER = re.compile(
    r"(?:.{0,120}\b)?(?:sign up|subscribe|delivered|want to keep up|get (?:the|our|all))\b.{0,160}\b(?:newsletters?|inbox|e-?mail alerts)\b.{0,140}"
    r"|be the first to get.{0,60}|install the .{2,40} app.{0,20}",
    re.IGNORECASE,
)
_FOLLOW = re.compile(
    r"follow .{2,100} on (?:facebook|twitter|x|instagram|tiktok|youtube|google)\b.{0,120}",
    re.IGNORECASE,
)
_RIGHTS = re.compile(
    r"(?:©|\(c\)\s*\d|copyright\s*(?:©|\(c\)|\d|by\b)).{0,200}|.{0,160}\ball rights reserved\b.{0,100}",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"\W*(?:photo|image|picture|video)s?(?: credit)?\s*[:/]\s*\S.{0,100}", re.IGNORECASE
)
_WHOLE = (_NOTICE, _POINTER, _NEWSLETTER, _FOLLOW, _RIGHTS, _CREDIT)


def without_furniture(blocks: list[Block], links: Callable[[], frozenset[str]]) -> list[Block]:
    """Return the blocks that are no furniture; ``links`` gives the texts of the page's links.

    A label such as ``Read more:`` goes with the links that stand under it. Where nothing but furniture
    is found the blocks stay as they are.
    """
    return list(_kept(blocks, links)) or blocks


def _kept(blocks: list[Block], links: Callable[[], frozenset[str]]) -> Iterator[Block]:
    under_label, links = False, cache(links)
    for block in blocks:
        if block.kind != "quote" and _LIST_LABEL.fullmatch(block.text):
            under_label = True
        elif under_label and all(line in links() for line in block.text.split("\n")):
            continue
        else:
            under_label = False
            if not is_furniture(block):
                yield block


def is_furniture(block: Block) -> bool:
    """Whether a block is a line of the site's, not of the article's."""
    if block.kind == "quote" or len(block.text) > _LONGEST:
        return False
    return any(pattern.fullmatch(block.text) for pattern in _WHOLE)
