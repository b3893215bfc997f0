"""An archive and a newspaper that has news for every run: what is broken, and what it is held against."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random

from attrs import define, evolve, field

from archive.closing import turnstile_key
from archive.connect import Archive, open_archive
from archive.object_store import ObjectStore
from archive.settings import ArchiveSettings
from cli.dates import NEW_ZEALAND, now
from cli.run_flow import fresh_run_id, make_plan
from crawler.child import CrawlProcess
from demo.newspaper import Newspaper, Profile
from demo.newspaper.announced import announced
from pipelines import steps
from tests.cli.support import COMMAND, environment
from tests.faults.processes import Killable, module

PUBLISHER = "nzherald"
LISTING_DAYS = 2
A_DAY_LATER = "26"
"""Hours ahead of the clock: whatever was left lies still long enough, and the day is over."""


@define
class World:
    """One archive, one newspaper."""

    settings: ArchiveSettings
    newspaper: Newspaper
    chance: Random
    store: ObjectStore
    _numbers: Iterator[int] = field(factory=count)

    def __attrs_post_init__(self) -> None:
        # Of the days before as much as a crawl needs; what is published meanwhile is of today.
        days = self.newspaper.edition.days[:-1]
        self.newspaper.profile = Profile(day_limit=dict.fromkeys(days, 1))

    @property
    def env(self) -> dict[str, str]:
        return environment(
            self.settings,
            ARCHIVE_PUBLISHER_ORIGIN=self.newspaper.origin,
            ARCHIVE_LISTING_DAYS=str(LISTING_DAYS),
        )

    def start(self, *arguments: str, limit_kib: int | None = None, **settings: str) -> Killable:
        """Start a command of newsarchive, or a step of :mod:`tests.faults.work`.

        ``{folder}`` in an argument is a folder of this world, beside its home.
        ``limit_kib`` is the largest size of a file that it may write.
        """
        folder = str(self.settings.home.parent)
        arguments = tuple(one.replace("{folder}", folder) for one in arguments)
        steps = ("finish", "close", "audit")
        is_step = arguments[0] in steps
        command = module("tests.faults.work", *arguments) if is_step else [str(COMMAND), *arguments]
        if limit_kib is not None:
            command = ["bash", "-c", f'ulimit -f {limit_kib}; exec "$@"', "bash", *command]
        log = self.settings.home.parent / "logs" / f"{next(self._numbers):04d}-{arguments[0]}.log"
        return Killable(command, {**self.env, **settings}, log)

    def run(self, *arguments: str, **settings: str) -> int:
        """Run a command to its end; returns its exit code."""
        return self.start(*arguments, **settings).wait()

    def require(self, *arguments: str) -> None:
        """Run a command, which succeeds."""
        process = self.start(*arguments)
        assert process.wait() == 0, f"{arguments}: {process.said}"

    def publish(self) -> None:
        """Give the next run something to do: a new story, and a change of an old one."""
        number = next(self._numbers)
        self.newspaper.publish("ap_wire", number=9000 + number)
        old = self.chance.choice(self.announced())
        self.newspaper.change(old, headline=f"Change {number} of {old[:6]}")

    def announced(self) -> list[str]:
        """The ids of the World articles that the last days' sitemaps name; videos are none."""
        days = self.newspaper.edition.days[-LISTING_DAYS:]
        stories = announced(self.newspaper.newsroom, self.newspaper.profile)
        return [
            story.article_id
            for story in stories
            if story.path.startswith("/world/") and story.body
            if story.date_published.date() in days
        ]

    def forget_turn(self) -> None:
        """As if the two minutes had passed after which the turn of a killed crawl counts as lost."""
        self.store.delete(turnstile_key(PUBLISHER))

    @contextmanager
    def opened(self) -> Iterator[Archive]:
        """Open the archive as it is."""
        with open_archive(self.settings) as archive:
            yield evolve(archive, settings=self.settings)

    def crawl_without_books(self) -> None:
        """Crawl to the end, and let nobody keep the books."""
        plan = make_plan(PUBLISHER)
        home, settings = self.settings.home, self.settings
        settings = settings.model_copy(update={"listing_days": LISTING_DAYS})
        child = CrawlProcess(plan, home=home, on_log=lambda _: None, settings=settings)
        child.start()
        child.wait()

    def finish(self) -> None:
        """Finish what was left, as the first command does that comes hours later."""
        with self.opened() as archive:
            steps.catch_up(archive)
            steps.finish_left(archive, later())

    def clean_run(self) -> None:
        """Crawl, finish what was left, annotate, audit, close the day: each goes to its end."""
        self.forget_turn()
        self.require("crawl")
        self.finish()
        with self.opened() as archive:
            for day in archive.catalogue.days(PUBLISHER):
                assert steps.enrich(archive, day, ["names"], run_id=fresh_run_id(now())).failed == 0
            steps.audit(archive, later(), fresh_run_id(now()))
            steps.close_days(archive, later())


def day_ago(days: int) -> str:
    """Return the New Zealand date of so many days ago, as the commands want it."""
    return (now().astimezone(NEW_ZEALAND).date() - timedelta(days)).isoformat()


def later(hours: float = float(A_DAY_LATER)) -> datetime:
    """Return an instant in the future."""
    return now() + timedelta(hours=hours)


def files(folder: Path) -> list[str]:
    """Return the files below a folder."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
