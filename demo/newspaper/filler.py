"""What makes a page heavy without saying anything: style sheet, configuration, menus, footer.

The sizes are chosen so that a page weighs about as much as a real one, in a similar mix.
"""

from __future__ import annotations

import functools
import json

from demo.newspaper.chance import chance
from demo.newspaper.vocabulary import SUBSECTIONS

MENU = {
    "New Zealand": ("nz", ("Crime", "Politics", "Education", "Health", "Te Ao Māori", "Weather")),
    "Business": ("business", ("Companies", "Markets", "Economy", "Personal Finance", "Property")),
    "Sport": ("sport", ("Rugby", "Cricket", "Netball", "League", "Football", "Golf", "Racing")),
    "Entertainment": ("entertainment", ("Movies", "TV", "Music", "Books", "Culture")),
    "Travel": ("travel", ("Aotearoa", "Pacific Islands", "Europe", "Cruising", "Inspiration")),
    "Lifestyle": ("lifestyle", ("Food & Drink", "Royals", "Relationships", "Viva", "Eat Well")),
    "Rural": ("the-country", ("Dairy Farming", "Sheep & Beef", "Horticulture", "Rural Life")),
    "Regions": ("regions", ("Northland", "Waikato", "Rotorua", "Hawke’s Bay", "Whanganui")),
}

ICON = (
    '<svg class="icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable='
    '"false"><path d="M12 2C6.48 2 2 6.48 2 12s4.48 10 10 10 10-4.48 10-10S17.52 2 12 2zm4.24 '
    '14.83-1.41 1.41L12 15.41l-2.83 2.83-1.41-1.41L10.59 14 7.76 11.17l1.41-1.41z"></path></svg>'
)

LOOK = """
body{margin:0;font:17px/1.6 Georgia,serif;color:#1a1a1a;background:#fff}
main{max-width:720px;margin:0 auto;padding:0 20px}
a{color:inherit}.icon,[data-test-ui=footer-links]{display:none}
nav,footer,aside,header{font-family:system-ui,sans-serif}
.menu{background:#0a0a0a;color:#fff;font-size:14px;display:flex;justify-content:space-between;padding:0 20px}
.menu ul,.footer ul{list-style:none;display:flex;flex-wrap:wrap;margin:0;padding:0}.menu .menu__sub{display:none}
.menu__link,.menu__account a{color:#fff;text-decoration:none;display:block;padding:12px 10px}
.menu__account{display:flex;align-items:center}.footer{background:#f4f4f4;padding:20px;margin-top:40px;font-size:13px}
.article__ad-wrapper{background:#f4f4f4;color:#6b6b6b;text-align:center;font:12px system-ui;padding:16px;margin:20px 0}
h1{font-size:34px;line-height:1.15}figure{margin:24px 0}figcaption,[data-test-ui=figure__caption]{font:13px system-ui;color:#6b6b6b}
figure img{display:block;width:100%;min-height:180px;background:linear-gradient(135deg,#dfe3e8,#b8c0ca)}
blockquote{border-left:3px solid #d0021b;margin-left:0;padding-left:18px;font-style:italic}
.story-card{border-top:1px solid #ddd;padding:12px 0;font-family:system-ui,sans-serif}.story-card h3{margin:0}
.story-card img,li:has(>button:empty){display:none}.story-card span{color:#d0021b;font-size:13px}
time,[data-test-ui=author-read-time]{font:13px system-ui;color:#6b6b6b;margin-right:12px}
"""

COLOURS = ("#0a0a0a", "#f4f4f4", "#d0021b", "#0b5394", "#6b6b6b", "#ffffff", "#fbe9e7")


@functools.cache
def style_sheet() -> str:
    """About 40 KB of rules; the last one hides subscriber text where no inline style does."""
    rng = chance("style sheet")
    parts = ("header", "story-card", "article", "footer", "ad", "menu", "byline", "gallery")
    rules = []
    for number in range(430):
        name = f".{rng.choice(parts)}__{rng.choice(('item', 'title', 'media', 'meta'))}-{number}"
        rules.append(
            f"{name}{{margin:{rng.randint(0, 40)}px {rng.randint(0, 40)}px;color:"
            f"{rng.choice(COLOURS)};flex:1 1 {rng.randint(10, 90)}%;line-height:1.{number % 9}}}"
        )
    return "".join([*rules, LOOK, "[data-hidden-by-css]{display:none}"])


@functools.cache
def bootstrap_script() -> str:
    """About 60 KB of configuration, as such sites put before the page."""
    rng = chance("bootstrap")
    features = {
        f"feature-{number:03d}": {
            "enabled": rng.choice((True, True, False)),
            "id": f"{rng.getrandbits(96):024x}",
            "slots": [rng.randint(100, 999) for _ in range(6)],
            "sizes": ["300x250", "728x90", "970x250"],
            "audience": rng.choice(("all", "subscriber", "anonymous", "premium")),
            "path": f"/pf/resources/js/chunk.{rng.getrandbits(64):016x}.js",
        }
        for number in range(260)
    }
    settings = json.dumps({"arcSite": "nzh", "features": features}, separators=(",", ":"))
    return f"window.__site_config__={settings};window.dataLayer=window.dataLayer||[];"


@functools.cache
def padding(size_bytes: int) -> list[dict[str, str]]:
    """Return data of about this size as JSON, such as sites keep of their menus and lists."""
    rng = chance("padding")
    entries = (f"{rng.getrandbits(192):048x}" for _ in range(size_bytes // 100))
    return [{"_id": entry, "path": f"/pf/list/{entry[:20]}/"} for entry in entries]


@functools.cache
def menu() -> str:
    """Return the big menu, with “Premium”, “Subscribe” and “Sign in” on it, free page or not."""
    world = "".join(_item(f"/world/{slug}/", name) for slug, name in SUBSECTIONS.items())
    groups = [f'{_item("/world/", "World")}<ul class="menu__sub">{world}</ul>']
    for name, (section, topics) in MENU.items():
        items = "".join(_item(f"/topic/{_slug(topic)}/", topic) for topic in topics)
        groups.append(f'{_item(f"/{section}/", name)}<ul class="menu__sub">{items}</ul>')
    extra = _item("/video/", "Video") + _item("/latest-news/", "Latest") + _item("/", "Kāinga")
    return (
        '<nav data-test-ui="navigation" class="menu"><ul>'
        f"{_item('/premium/', 'Premium')}{''.join(groups)}{extra}</ul>"
        '<div class="menu__account"><a href="/subscribe/">Subscribe</a>'
        '<button data-test-ui="sign-in">Sign in</button></div></nav>'
    )


@functools.cache
def footer() -> str:
    """Return the footer, with the menu once more."""
    names = ("Terms of use", "House rules", "Privacy", "Our use of AI", "Photo sales", "Contact us")
    links = "".join(_item(f"/about/{_slug(name)}/", name) for name in names)
    return (
        f'<footer class="footer"><ul>{links}</ul>{menu().replace("navigation", "footer-links")}'
        '<p>© Copyright 2026 NZME Publishing Limited</p><a href="#top">TOP</a></footer>'
    )


def advert(place: str) -> str:
    """Return an advert as server HTML has it; the id is the same on all of them, as on the real site."""
    return (
        f'<div id="ad-container" data-test-ui="ad" class="article__ad-wrapper" data-slot="{place}">'
        '<p>Advertisement</p><a href="/advertise/">Advertise with NZME.</a></div>'
    )


def _item(address: str, name: str) -> str:
    return f'<li class="menu__item"><a href="{address}" class="menu__link">{ICON}{name}</a></li>'


def _slug(name: str) -> str:
    return "-".join(name.lower().replace("&", "").replace("’", "").replace("ā", "a").split())
