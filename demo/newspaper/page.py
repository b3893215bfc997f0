"""What every page of the newspaper has around its main part."""

from __future__ import annotations

from demo.newspaper import filler


def document(head: str, main: str, script: str) -> str:
    """Return a whole HTML page."""
    return (
        '<!doctype html><html lang="en-NZ"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">{head}'
        f"<style>{filler.style_sheet()}</style><script>{filler.bootstrap_script()}</script></head>"
        f'<body id="top"><div id="fusion-app">{filler.menu()}{filler.advert("top")}'
        f"<main>{main}</main>{filler.footer()}</div>{script}</body></html>"
    )


def message_page(title: str, text: str) -> str:
    """Return a short page without the weight, for what is not there."""
    return (
        '<!doctype html><html lang="en-NZ"><head><meta charset="utf-8">'
        f'<title>{title} - NZ Herald</title><meta name="robots" content="noindex"></head><body>'
        f'<nav><a href="/">Home</a> <a href="/world/">World</a></nav>'
        f"<main><h1>{title}</h1><p>{text}</p></main></body></html>"
    )
