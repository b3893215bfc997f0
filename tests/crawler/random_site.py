"""A small site drawn at random: some stories, and what goes wrong on each visit."""

from datetime import datetime, timedelta

from attrs import define
from hypothesis import strategies as st

from demo.newspaper import Edition, Fault, Newspaper, Profile, Story
from demo.newspaper.carried import SHAPES

Planned = int | str | Fault

ARTICLE_FAULTS: tuple[Planned, ...] = (
    404, 410, 500, 418, Fault(503, times=1), Fault(429, times=1, retry_after="1"), "reset", "truncated", "blank", "broken_gzip",
    "oversize", "br", "wrong_charset", "no_validators", "noarchive", "noarchive_other",
    "canonical_wrong", "canonical_home", "redirect_section", "redirect_home", "redirect_subscribe",
    "redirect_loop", "redirect_chain", "redirect_self", "redirect_other_host", "redirect_metadata",
    "page_not_found", "front_instead", "null_content", "consent_wall", "empty_page",
)  # fmt: skip
"""What may go wrong with an article; a refusal, which ends the crawl, is drawn more rarely."""

LONG_FAULTS: tuple[Planned, ...] = ("hangs", Fault(429, retry_after="86400"))
"""What takes minutes, or closes the site until tomorrow: for those who have a clock of their own."""

REFUSALS: tuple[Planned, ...] = (401, 403, 451, "cloudflare_challenge", "captcha")

XML = st.sampled_from([
    "normal", "normal", "normal", "normal", "missing", "server_error", "empty", "blank", "html",
    "malformed", "wrong_root", "doctype", "utf16", "nul", "relative", "double_escaped",
])  # fmt: skip

KINDS = (
    "premium_style", "premium_json", "premium_flag", "contradictory_section", "premium_badge",
    "premium_spread", "video", "gallery", "quiz", "sponsored_world", "redesign", "noarchive",
    "no_paragraphs", "no_dates", "live_blog", "opinion_facts", "same_slug",
)  # fmt: skip


@define(kw_only=True)
class Visit:
    """One run over the site: when, how much it may ask for, and what goes wrong by then."""

    at: datetime
    profile: Profile
    request_budget: int
    stop_after: int | None = None
    """Requests after which a signal asks for the end. None when none comes."""

    repairs: bool = False

    pages: bool = True
    """Whether the section's pages are read, too: most of the work, and much alike."""


class Pool:
    """Stories of every kind of page, of the two days before some moment."""

    def __init__(self, today: datetime) -> None:
        self.today = today
        self.edition = Edition(today, seed=11)
        world = [s for s in self.edition.stories if s.path.startswith("/world/")][-30:]
        made = [
            self.edition.make(kind, at=today - timedelta(hours=1 + number))
            for number, kind in enumerate(KINDS)
        ]
        self.stories = (*world, *made)

    def on_site(self, newspaper: Newspaper, chosen: list[Story]) -> None:
        """Leave only these stories, and two of another section, on the site."""
        elsewhere = [story for story in self.edition.stories if story.section == "nz"][-2:]
        wanted = {story.article_id for story in (*chosen, *elsewhere)}
        for story in self.edition.stories:
            if story.article_id not in wanted:
                newspaper.remove(story.article_id)
        for story in chosen:
            newspaper.newsroom.add(story)


def profiles(chosen: list[Story], faults: tuple[Planned, ...]) -> st.SearchStrategy[Profile]:
    """Manners of the newspaper on one visit."""
    paths = st.sampled_from([story.path for story in chosen])
    planned = st.one_of(st.sampled_from(faults), st.sampled_from(faults), st.sampled_from(REFUSALS))
    return st.builds(
        Profile,
        robots=st.sampled_from(["normal"] * 9 + ["not_found", "blocks_us", "server_error"]),
        validators=st.booleans(),
        sitemap_index=XML,
        sitemap=XML,
        sitemap_news=XML,
        rss=st.one_of(XML, st.sampled_from(["two_items", "duplicated", "with_text", "guid_only"])),
        sitemap_limit=st.sampled_from([1000, 2]),
        index=st.sampled_from(["plain", "plain", "nested", "dead"]),
        listing=st.sampled_from(["normal", "normal", "empty"]),
        carried=st.sampled_from(("nothing", "nothing", *SHAPES)),
        faults=st.dictionaries(paths, planned, max_size=3),
    )


@st.composite
def sites(
    draw: st.DrawFn, pool: Pool, faults: tuple[Planned, ...] = ARTICLE_FAULTS
) -> tuple[list[Story], list[Visit]]:
    """Some stories, and one to three visits."""
    chosen = draw(st.lists(st.sampled_from(pool.stories), min_size=1, max_size=6, unique=True))
    visits = []
    at = pool.today
    for _ in range(draw(st.sampled_from([1, 1, 2, 3]))):
        at += timedelta(minutes=draw(st.sampled_from([30, 45, 600, 1500])))
        visits.append(
            Visit(
                at=at,
                profile=draw(profiles(chosen, faults)),
                request_budget=draw(st.sampled_from([500, 500, 17, 22])),
                stop_after=draw(st.sampled_from([None, None, None, 20])),
                repairs=draw(st.sampled_from([False, False, False, True])),
                pages=draw(st.sampled_from([False, False, True])),
            )
        )
    return chosen, visits
