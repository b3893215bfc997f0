"""Captions: what a picture shows, apart from who took it."""

import re

_LABEL = (
    r"(?:Photos?|PHOTOS?(?=\s*/)|Photograph|Photography|Pictures?|Images?|Video|Graphic|Illustration|Composite|"
    r"Artwork|Cartoon|Map|Screengrab|Screenshot|Still|Credit|CREDIT|Photo\ credit|Image\ credit|Photo\ illustration|Pic)"
)
_AGENCY = (
    r"(?:The\ )?(?:AP|AFP|EPA|EPA-EFE|AAP|PA|Reuters|REUTERS|Associated\ Press|Getty(?:\ Images)?|Shutterstock|NurPhoto|Xinhua|Bloomberg|"
    r"Anadolu(?:\ Agency)?|New\ York\ Times|Washington\ Post|Guardian|NASA|Nasa|Supplied|SUPPLIED|Handout)"
)
# A name has no full stop but after an initial, so that no sentence is taken for one.
_NAME = r"(?:[^()\[\]/.;|]|\.(?=[a-z])|(?<=\b[A-Z])\.){1,50}"
_NEXT = r"(?:\s?/\s?|,?\ via\ )"
_SOURCE = (
    rf"(?:{_NAME}{_NEXT}){{0,3}}{_AGENCY}(?:\ (?:Photos?|Images|Wire))?(?:{_NEXT}{_NAME}){{0,3}}"
)
_START = r"(?:^|(?<=[.!?”’\"')])\s*|\s*[|–—]\s*)"

_DOTTED = re.compile(r"\s*(?:Credit)+(?:\.{3}|…)\s*(?P<credit>.{1,118}?)\s*$")
_IN_BRACKETS = re.compile(
    rf"\s*[(\[]\s*(?P<credit>{_SOURCE}(?:\ {_NAME})?|(?<=[.!?”’]\ \()[A-Z]{_NAME}/{_NAME})[\])]+\.?\s*$",
    re.VERBOSE,
)
_AFTER_SENTENCE = re.compile(rf"{_START}(?P<credit>{_SOURCE})\s*$", re.VERBOSE)
_OF_AGENCY = re.compile(
    rf"\s+(?P<credit>{_AGENCY}\ Photos?\s?/\s?{_NAME}(?:/{_NAME})?)\s*$", re.VERBOSE
)
_LABELLED = re.compile(
    rf"[\s.;,|(\[]*\b{_LABEL}\s*(?:[/:|]|\bby\b|©)\s*(?P<credit>[^/].{{0,118}}?)[\])\s]*$",
    re.VERBOSE,
)
_MARKED = re.compile(
    rf"{_START}(?:©|Source\s*[/:]|(?:Photo(?:graph)?\ )?[Cc]ourtesy\ of\b)\s*(?P<credit>[^/].{{0,118}}?)\s*$",
    re.VERBOSE,
)
_FORMS = (_DOTTED, _IN_BRACKETS, _AFTER_SENTENCE, _OF_AGENCY, _LABELLED, _MARKED)
"""From the form that says most to the one that says least."""

_PREFIX = re.compile(
    r"^(?:Photo|Photos|Photograph|Picture|Image|Video|Credit|Photo credit|Image credit|Screengrab|Screenshot|Copyright|©"
    r"|Getty)\s*(?:[/:|©]|\bby\b)\s*",
    re.IGNORECASE,
)
_AROUND = " \t\n\u00a0/|"
_LONGEST_CAPTION = 2000


def split_credit(text: str) -> tuple[str | None, str | None]:
    """Return caption and credit of ``Delegates arrive. Photo / AP``; either may be None."""
    if len(text) > _LONGEST_CAPTION:  # no caption, and the patterns would take their time
        return text.strip(), None
    for form in _FORMS:
        found = form.search(text)
        if found:
            caption = text[: found.start()]
            # The full stop that ends the caption's sentence stays with the caption.
            caption += "." if text[found.start() :].lstrip().startswith(".") else ""
            return caption.strip(_AROUND) or None, credit_of(found["credit"])
    return text.strip() or None, None


def credit_of(text: str) -> str | None:
    """Return the name in a credit line such as ``Photo: Jane Example``. None when there is none."""
    return _PREFIX.sub("", text).strip(" .()") or None
