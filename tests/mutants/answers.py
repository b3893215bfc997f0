"""Quirks 6.3.10 and 6.3.11: answers of every kind, and stories that are taken off the site."""

from tests.mutants.mutant import Mutant

FETCHER = "crawler/fetcher.py"
STATE = "publishers/page_state.py"
CODING = "archive/content_coding.py"
ODD = "tests/crawler/test_odd_answers.py::"
REFUSALS = "tests/crawler/test_refusals.py::"
PASSING = "tests/crawler/test_passing_answers.py::"
CHANGES = "tests/cli/test_changes_over_time.py::"
TOLD_APART = (
    "tests/publishers/test_page_state.py::test_what_comes_in_place_of_a_story_is_told_apart"
)
REMOVED = CHANGES + "test_what_is_taken_off_the_site_stays_held_and_is_not_asked_for_for_ever"

ROWS = (
    Mutant(
        name="6.3.10-304",
        ours="Asked with the validators of what is held; unchanged then",
        file=FETCHER,
        old='    named = {"If-None-Match": asked.etag, "If-Modified-Since": asked.last_modified}',
        new='    named = {"If-None-Match": None, "If-Modified-Since": None}',
        test="tests/crawler/test_run.py::test_asking_for_all_gets_304_for_what_is_unchanged",
    ),
    Mutant(
        name="6.3.10-no-validators",
        ours="Compared by what the story says: unchanged all the same",
        file="pipelines/compare.py",
        old="    if content.revision == seen.latest_revision:",
        new="    if False:",
        test=CHANGES + "test_each_kind_of_change_is_a_revision_or_none",
    ),
    Mutant(
        name="6.3.10-render-time",
        ours="The same; a hint when to look, never a change",
        file="pipelines/compare.py",
        old="    if content.revision == seen.latest_revision:",
        new="    if False:",
        test=CHANGES + "test_each_kind_of_change_is_a_revision_or_none",
    ),
    Mutant(
        name="6.3.10-gzip",
        ours="Kept as sent, unpacked to be read",
        file=CODING,
        old='    "gzip": lambda: _Zlib(31),\n    "x-gzip"',
        new='    "x-gzip"',
        test=ODD + "test_every_way_to_send_a_page_gives_the_page[cookies]",
    ),
    Mutant(
        name="6.3.10-brotli",
        ours="Kept as sent, unpacked to be read",
        file=CODING,
        old='    "br": _Brotli,\n',
        new="",
        test=ODD + "test_every_way_to_send_a_page_gives_the_page[brotli]",
    ),
    Mutant(
        name="6.3.10-chunked",
        ours="Joined; one that does not end is kept and marked as truncated",
        file="crawler/settings.py",
        old="DOWNLOAD_FAIL_ON_DATALOSS = False",
        new="DOWNLOAD_FAIL_ON_DATALOSS = True",
        test=PASSING + "test_bodies_in_chunks_are_whole_or_marked",
    ),
    Mutant(
        name="6.3.10-wrong-charset",
        ours="Bytes that are UTF-8 throughout are UTF-8, whatever is stated",
        file="pipelines/pages/markup.py",
        old='    for name in stated if content.isascii() else ("utf-8", *stated):',
        new="    for name in stated:",
        test="tests/pipelines/pages/test_hostile_pages.py::"
        "test_utf_8_is_utf_8_whatever_the_header_says",
    ),
    Mutant(
        name="6.3.10-truncated",
        ours="Asked for again, then failed as truncated; what came is kept and marked",
        file="crawler/replies.py",
        old='    elif reply.truncated:\n        entry.become("failed", "truncated")\n',
        new="",
        test=ODD + "test_what_came_before_the_line_broke_is_kept_and_marked",
    ),
    Mutant(
        name="6.3.10-empty",
        ours="Failed as empty, never a page",
        file="crawler/gate.py",
        old='    return state if exchange.body.strip() or state.kind == "noarchive" else EMPTY',
        new="    return state",
        test="tests/crawler/test_gate.py::test_what_comes_in_an_articles_place_is_called_by_its_name"
        "[-empty]",
    ),
    Mutant(
        name="6.3.10-403-challenge",
        ours="A refusal: the run ends, nobody asks for an hour",
        file=FETCHER,
        old="{HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, ",
        new="{HTTPStatus.UNAUTHORIZED, ",
        test="tests/crawler/test_pace_of_many.py::"
        "test_a_refusal_closes_for_the_next_run_until_it_is_lifted",
    ),
    Mutant(
        name="6.3.10-404",
        ours="An answer: looked at again as rarely as a page",
        file="archive/catalogue/taking_in.py",
        old="    gone = HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR",
        new="    gone = False",
        test="tests/crawler/test_again.py::test_what_is_gone_is_looked_at_as_rarely_as_a_page",
    ),
    Mutant(
        name="6.3.10-410",
        ours="Counted among what was removed",
        file="pipelines/reconcile.py",
        old="GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})",
        new="GONE = frozenset({HTTPStatus.NOT_FOUND})",
        test=REMOVED,
    ),
    Mutant(
        name="6.3.10-soft-404-title",
        ours="Told by its whole title or headline: failed as a soft 404",
        file=STATE,
        old="    if title := next((t for t in _titles(page) if t in rules.not_found), None):",
        new='    if title := "":',
        test=TOLD_APART + "[page_not_found]",
    ),
    Mutant(
        name="6.3.10-soft-404-front",
        ours="Told by the address that the page calls its own",
        file=STATE,
        old='    return PageState("section_front", (f"canonical:{_path(address)}",))',
        new="    return None",
        test="tests/publishers/test_page_state.py::test_a_story_of_another_address_does_not_save_a_front",
    ),
    Mutant(
        name="6.3.10-soft-404-null",
        ours="Told by the empty object of the page: failed as a soft 404",
        file=STATE,
        old='    if any(content.state == "decoded" and not content.value for content in page.marks.contents):',
        new="    if False:",
        test=TOLD_APART + "[null_content]",
    ),
    Mutant(
        name="6.3.10-429-seconds",
        ours="Everybody waits so long; a run ends when it is too long",
        file="crawler/pace.py",
        old="    if text.isdecimal():\n        return float(text)\n",
        new="",
        test=PASSING + "test_a_pause_in_seconds_is_kept",
    ),
    Mutant(
        name="6.3.10-429-date",
        ours="Everybody waits until then",
        file="crawler/pace.py",
        old="        instant = parsedate_to_datetime(text)\n",
        new="        instant = datetime.fromisoformat(text)\n",
        test=REFUSALS + "test_a_pause_until_a_date_is_kept",
    ),
    Mutant(
        name="6.3.10-429-absent",
        ours="Asked three times, ever later; then left alone by everybody for a while",
        file=FETCHER,
        old="            pause = max(pause, BUSY_DELAYS * self._context.pace.delay_seconds)\n",
        new="            pause = 0.0\n",
        test="tests/crawler/test_pace_of_many.py::"
        "test_a_publisher_that_stays_busy_is_left_alone_by_all",
    ),
    Mutant(
        name="6.3.10-451",
        ours="A refusal: the run ends, what it has is kept",
        file=FETCHER,
        old=", HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS}",
        new="}",
        test=REFUSALS + "test_a_refused_article_ends_the_crawl_and_keeps_what_was_fetched",
    ),
    Mutant(
        name="6.3.10-500-once",
        ours="Asked again after a pause",
        file=FETCHER,
        old="    HTTPStatus.INTERNAL_SERVER_ERROR,\n",
        new="",
        test=PASSING + "test_an_error_that_passes_costs_nothing",
    ),
    Mutant(
        name="6.3.10-502-once",
        ours="Asked again after a pause",
        file=FETCHER,
        old="    HTTPStatus.BAD_GATEWAY,\n",
        new="",
        test=PASSING + "test_an_error_that_passes_costs_nothing",
    ),
    Mutant(
        name="6.3.10-503-once",
        ours="Asked again after a pause",
        file=FETCHER,
        old="    HTTPStatus.SERVICE_UNAVAILABLE,\n    HTTPStatus.GATEWAY_TIMEOUT,\n",
        new="    HTTPStatus.GATEWAY_TIMEOUT,\n",
        test=PASSING + "test_an_error_that_passes_costs_nothing",
    ),
    Mutant(
        name="6.3.10-slow",
        ours="Given up after 30 seconds, with its reason",
        file=FETCHER,
        old="        except DownloadTimeoutError as error:\n            raise NoAnswer(Why.TIMEOUT) from error\n",
        new="",
        test=REFUSALS + "test_robots_that_forbid_or_cannot_be_read_end_the_crawl[time_out]",
    ),
    Mutant(
        name="6.3.10-reset",
        ours="Asked for again, then failed with its reason",
        file=FETCHER,
        old="            DownloadFailedError,\n            ResponseDataLossError,\n",
        new="            ResponseDataLossError,\n",
        test=ODD + "test_what_is_no_page_fails_with_its_reason[hung_up-connection_lost]",
    ),
    Mutant(
        name="6.3.11-404",
        ours="Counted as removed, and looked at as rarely as a page",
        file="archive/catalogue/taking_in.py",
        old="    gone = HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR",
        new="    gone = False",
        test=REMOVED,
    ),
    Mutant(
        name="6.3.11-redirect",
        ours="The same",
        file="archive/catalogue/taking_in.py",
        old='    "redirected_away",\n',
        new="",
        test=REMOVED,
    ),
    Mutant(
        name="6.3.11-soft-404",
        ours="The same",
        file="archive/catalogue/taking_in.py",
        old='    "soft_404",\n',
        new="",
        test=REMOVED,
    ),
    Mutant(
        name="6.3.11-old-copy",
        ours="It stays held, and counts as held",
        file="archive/catalogue/counting.py",
        old="        .where(articles.c.article_id.is_(None))\n",
        new="",
        test=REMOVED,
    ),
)
