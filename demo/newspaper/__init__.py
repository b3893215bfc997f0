"""The made-up newspaper: a small web server on the loopback that stands in for the real site.

`Edition` makes the stories, `Newspaper` serves them, `Profile` says how it behaves, and every
`Story` says exactly what an archive should have read.
"""

from __future__ import annotations

from demo.newspaper import changes
from demo.newspaper.clock import Clock
from demo.newspaper.edition import Edition
from demo.newspaper.fault import Fault
from demo.newspaper.profile import Profile
from demo.newspaper.profiles import PROFILES, combined
from demo.newspaper.request_log import LoggedRequest, RequestLog
from demo.newspaper.run import run
from demo.newspaper.server import Newspaper
from demo.newspaper.story import Block, Image, Story

__all__ = [
    "PROFILES",
    "Block",
    "Clock",
    "Edition",
    "Fault",
    "Image",
    "LoggedRequest",
    "Newspaper",
    "Profile",
    "RequestLog",
    "Story",
    "changes",
    "combined",
    "run",
]
