"""The redirects that lead nowhere, astray, or where no crawler may go."""

from __future__ import annotations

import re
from http import HTTPStatus

from demo.newspaper.fault import KINDS, Fault, Way, kind
from demo.newspaper.routing import Answer, Call, redirect

HOPS = 6

DESTINATIONS = {
    "redirect_self": None,
    "redirect_section": "/world/",
    "redirect_home": "/",
    "redirect_subscribe": "/subscribe/",
    "redirect_other_host": "https://www.stuff.example/world/",
    "redirect_loopback": "http://127.0.0.1:1/",
    "redirect_metadata": "http://169.254.169.254/latest/meta-data/",
}
"""Where each kind of redirect leads; None to the same address again."""


@kind("redirect")
def _redirect(fault: Fault, _call: Call, _honest: Answer) -> Answer:
    """Lead to the fault's `to`, with its status when that is one of a redirect, else with 302."""
    moved = fault.status in {301, 302, 303, 307, 308}
    return redirect(fault.to, fault.status if moved else HTTPStatus.FOUND)


@kind("redirect_loop")
def _loop(_fault: Fault, call: Call, _honest: Answer) -> Answer:
    """Lead to and fro between two addresses."""
    return redirect(call.path if _hop(call) else f"{call.path}?hop=1", HTTPStatus.FOUND)


@kind("redirect_chain")
def _chain(_fault: Fault, call: Call, honest: Answer) -> Answer:
    """Lead over six redirects to the page."""
    hop = _hop(call) + 1
    return redirect(f"{call.path}?hop={hop}", HTTPStatus.FOUND) if hop <= HOPS else honest


def _hop(call: Call) -> int:
    found = re.search(r"\bhop=(\d+)", call.query)
    return int(found[1]) if found else 0


def _to(address: str | None) -> Way:
    return lambda _fault, call, _honest: redirect(address or call.path, HTTPStatus.FOUND)


for _name, _address in DESTINATIONS.items():
    KINDS[_name] = _to(_address)
