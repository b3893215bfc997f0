"""What stands in a page's place when somebody's defences or a consent wall answer: signatures, as data.

They look at markup, headers and whole titles, never at single words in a text, and count only on a
short page that carries no article: one that writes about captchas is an article.
"""

from collections.abc import Iterable
from typing import Literal

from attrs import frozen
from lxml.html import HtmlElement

from publishers.page_parts import marked

LONGEST_TEXT = 6000
"""Most characters that a wall shows; the longest of those met (a consent wall) has some 3,000."""

_EDGI = "edgi-govdata-archiving/web-monitoring, effective_status"
_WAFW00F = "EnableSecurity/wafw00f, its plugins"
_TCF = "IAB Europe, TCF policies, appendix B: the standard texts"


@frozen(kw_only=True)
class Wall:
    """A signature. Each part that is given must be met, by any one of its values, in lower case."""

    kind: Literal["block", "consent_wall"]
    """What it means."""

    name: str
    """Whose it is."""

    source: str
    """Who describes it."""

    header: tuple[str, str] | None = None
    """Name and value of a header; it needs no page."""

    titles: tuple[str, ...] = ()
    """The whole title or headline."""

    scripts: tuple[str, ...] = ()
    """Part of a script, or of the address of a script or frame."""

    marks: tuple[str, ...] = ()
    """``#id`` or ``.class`` of an element."""

    words: tuple[str, ...] = ()
    """Part of the text that is shown."""


WALLS = (
    Wall(
        kind="block",
        name="cloudflare",
        source="developers.cloudflare.com, Detect a Challenge Page response",
        header=("cf-mitigated", "challenge"),
    ),
    # Not the address of its scripts: ordinary pages load some of them.
    Wall(kind="block", name="cloudflare", source=_EDGI, scripts=("_cf_chl_opt",)),
    Wall(
        kind="block",
        name="cloudflare",
        source=_WAFW00F,
        titles=("just a moment...", "please wait... | cloudflare", "ddos-guard"),
        scripts=("/cdn-cgi/challenge-platform/", "/.well-known/ddos-guard/"),
    ),
    Wall(
        kind="block",
        name="cloudflare",
        source=_WAFW00F,
        marks=(
            "#challenge-form",
            "#challenge-running",
            "#challenge-error-text",
            "#cf-error-details",
        ),
    ),
    Wall(
        kind="block",
        name="akamai",
        source=_WAFW00F,
        titles=("access denied",),
        words=("errors.edgesuite.net", "you don't have permission to access", "reference #"),
    ),
    Wall(
        kind="block",
        name="akamai",
        source="techdocs.akamai.com, Bot Manager: crypto challenge",
        scripts=("/_sec/verify?provider=", "/_sec/cp_challenge/"),
    ),
    Wall(kind="block", name="akamai", source=_EDGI, marks=("#sec-if-cpt-container",)),
    # Not the address of its script alone: ordinary pages load it.
    Wall(kind="block", name="incapsula", source=_WAFW00F, words=("incapsula incident id",)),
    Wall(
        kind="block", name="incapsula", source=_WAFW00F, scripts=("_incapsula_resource?cwudnsai=",)
    ),
    Wall(
        kind="block",
        name="imperva",
        source=_WAFW00F,
        titles=("pardon our interruption", "pardon our interruption..."),
    ),
    Wall(
        kind="block", name="datadome", source="docs.datadome.co", scripts=("captcha-delivery.com/",)
    ),
    Wall(kind="block", name="perimeterx", source="docs.humansecurity.com", marks=("#px-captcha",)),
    Wall(
        kind="block",
        name="aws-waf",
        source="docs.aws.amazon.com/waf, CAPTCHA and Challenge action behavior",
        header=("x-amzn-waf-action", "challenge"),
    ),
    Wall(
        kind="block",
        name="aws-waf",
        source="docs.aws.amazon.com/waf, CAPTCHA and Challenge action behavior",
        header=("x-amzn-waf-action", "captcha"),
    ),
    Wall(
        kind="block",
        name="aws-waf",
        source=_WAFW00F,
        scripts=("awswafcookiedomainlist", "window.gokuprops"),
    ),
    Wall(
        kind="block",
        name="f5",
        source=_WAFW00F,
        titles=("request rejected",),
        words=("your support id is", "the requested url was rejected"),
    ),
    Wall(
        kind="block",
        name="sucuri",
        source=_WAFW00F,
        titles=("sucuri website firewall - access denied",),
    ),
    Wall(kind="block", name="kasada", source=_WAFW00F, scripts=("window.kpsdk",)),
    Wall(
        kind="block",
        name="captcha",
        source="developers.google.com/recaptcha, docs.hcaptcha.com, Cloudflare Turnstile",
        titles=(
            "access denied",
            "access to this page has been denied",
            "are you a robot?",
            "are you human?",
            "attention required",
            "bot verification",
            "captcha",
            "confirm you are human",
            "human verification",
            "one more step",
            "please verify you are a human",
            "please verify you are human",
            "robot check",
            "robot or human?",
            "security check",
            "verify you are human",
        ),
        marks=(
            ".g-recaptcha",
            ".h-captcha",
            ".cf-turnstile",
            "#captcha",
            ".captcha",
            "#captcha-form",
        ),
    ),
    Wall(
        kind="block",
        name="denied",
        source=_EDGI,
        titles=("403 forbidden", "access denied", "forbidden", "request blocked"),
    ),
    Wall(
        kind="consent_wall",
        name="dpg",
        source="uBlockOrigin/uAssets, pull request 27017",
        scripts=("myprivacy-static.dpgmedia", "myprivacy.dpgmedia"),
    ),
    Wall(
        kind="consent_wall",
        name="tcf",
        source=_TCF,
        words=(
            "we and our partners store and/or access information on a device",
            "we and our partners use cookies",
        ),
    ),
    Wall(
        kind="consent_wall",
        name="title",
        source=_EDGI,
        titles=(
            "before you continue",
            "cookie consent",
            "privacy settings",
            "we value your privacy",
            "your privacy choices",
            "your privacy matters",
        ),
    ),
    Wall(
        kind="consent_wall",
        name="marks",
        source="duckduckgo/autoconsent, its rules",
        marks=("#consent-page", ".consent-page", "#consent-wall", ".consent-wall", "#privacy-gate"),
    ),
)
"""Met in the order in which they stand here; the first that fits decides."""


@frozen(kw_only=True)
class Shown:
    """What signatures are compared with, all in lower case."""

    tree: HtmlElement
    titles: frozenset[str]
    scripts: str
    words: str


def wall_in_headers(headers: Iterable[tuple[str, str]]) -> Wall | None:
    """Return the signature in a response's headers. None when there is none."""
    sent = {(name.lower(), value.strip().lower()) for name, value in headers}
    return next((wall for wall in WALLS if wall.header in sent), None)


def wall_on_page(tree: HtmlElement, titles: frozenset[str], text: str) -> Wall | None:
    """Return the signature on a page that carries no article, given its text. None when it has none."""
    if len(text) > LONGEST_TEXT:
        return None
    shown = Shown(tree=tree, titles=titles, scripts=_scripts(tree), words=text.lower())
    return next((wall for wall in WALLS if wall.header is None and _fits(wall, shown)), None)


def _fits(wall: Wall, shown: Shown) -> bool:
    return (
        (not wall.titles or not shown.titles.isdisjoint(wall.titles))
        and (not wall.scripts or any(part in shown.scripts for part in wall.scripts))
        and (not wall.words or any(part in shown.words for part in wall.words))
        and (not wall.marks or any(True for _ in marked(shown.tree, wall.marks)))
    )


def _scripts(tree: HtmlElement) -> str:
    pieces = (
        piece
        for element in tree.iter("script", "iframe", "form", "link")
        for piece in (
            element.get("src") or element.get("action") or element.get("href"),
            element.text if element.tag == "script" else None,
        )
        if piece
    )
    return "\n".join(pieces).lower()
