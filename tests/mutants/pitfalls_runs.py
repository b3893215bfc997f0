"""Pitfalls P2 to P8: runs that look well and are not, kills, rules not heard, two at once."""

from tests.mutants.mutant import Mutant

RED = "tests/dags/test_red_runs.py::"
ROBOTS = "tests/crawler/test_robots.py::"
REFUSALS = "tests/crawler/test_refusals.py::"
DISCOVERY = "tests/crawler/test_discovery.py::"
BACKFILLS = "tests/cli/test_backfilled_dates.py::"

ROWS = (
    Mutant(
        name="P2-callback",
        ours="The run is red with its error, and its books are kept",
        file="crawler/spiders/planned.py",
        old="            self.context.error = error",
        new="            self.context.finished = bool(error)",
        test=RED + "test_a_bug_in_the_spider_has_its_books_kept_and_its_run_is_red",
    ),
    Mutant(
        name="P2-all-503",
        ours="Red: the books say how little of what was asked for is held",
        file="pipelines/health.py",
        old="    if report.asked < least or report.kept >= floor * report.asked:",
        new="    if floor:",
        test=RED + "test_pages_that_all_answer_503_turn_reconcile_red",
    ),
    Mutant(
        name="P2-robots",
        ours="Refused, exit code 4, with the reason in one line",
        file="crawler/one_crawl.py",
        old="        return error.exit_code",
        new="        return 0",
        test=REFUSALS + "test_robots_that_forbid_or_cannot_be_read_end_the_crawl[blocks_all]",
    ),
    Mutant(
        name="P2-nothing-listed",
        ours="A failure that names what each announcement answered",
        file="crawler/discovery.py",
        old='        if plan.purpose != "dates" and not context.listings:',
        new="        if False:",
        test=DISCOVERY + "test_nothing_listed_is_a_failure_with_its_books_kept",
    ),
    Mutant(
        name="P5-killed",
        ours="The file that was being written is made whole, and brought in by the next run",
        file="crawler/recorder.py",
        old='        for path in sorted(self.folder.glob(f"*{_WARC}{OPEN_ENDING}")):',
        new="        for path in list[Path]():",
        test="tests/crawler/test_stops.py::test_a_killed_crawl_costs_no_evidence",
    ),
    Mutant(
        name="P5-killed+again",
        ours="The rest is asked for again: what is to do follows from what is held",
        file="crawler/due.py",
        old='            return "held" if held else None',
        new="            return None",
        test=BACKFILLS
        + "test_a_backfill_killed_in_mid_day_and_run_again_loses_and_doubles_nothing",
    ),
    Mutant(
        name="P7-5xx",
        ours="Nothing is asked: who can't read the rules must not crawl",
        file="crawler/robots.py",
        old="    if status in _ABSENT:",
        new="    if status in _ABSENT or status >= 500:",
        test=ROBOTS + "test_any_other_answer_is_a_refusal[503]",
    ),
    Mutant(
        name="P7-dropped",
        ours="Nothing is asked",
        file="crawler/robots_file.py",
        old="        raise CrawlRefused(url, _explained(error.reason)) from error",
        new="        return Robots(None, context.publisher.agent_token)",
        test="tests/crawler/test_manners.py::test_a_robots_txt_whose_connection_drops_is_a_refusal",
    ),
    Mutant(
        name="P7-html",
        ours="Nothing is asked",
        file="crawler/robots.py",
        old='    if "html" in content_type.lower() or text.lstrip().startswith("<"):',
        new="    if False:",
        test=ROBOTS + "test_html_is_a_refusal",
    ),
    Mutant(
        name="P7-429",
        ours="Nothing is asked",
        file="crawler/robots_file.py",
        old='        raise CrawlRefused(url, "its rules can\'t be had (429, or a wait too long)") from error',
        new="        return Robots(None, context.publisher.agent_token)",
        test=REFUSALS + "test_robots_behind_a_refusal_end_the_crawl[429]",
    ),
    Mutant(
        name="P8-two-runs",
        ours="All runs together keep one delay",
        file="archive/lease.py",
        old="        if lease.holder is not None and not self._is_lost(lease):",
        new="        if False:",
        test="tests/crawler/test_pace_of_many.py::"
        "test_a_live_crawl_and_three_backfills_keep_the_delay_together",
    ),
)
