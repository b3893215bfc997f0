"""Quirks 6.3.13 and 6.3.14: what may not be kept, and how the site is asked."""

from tests.mutants.mutant import Mutant

MANNERS = "crawler/middlewares/manners.py"
POLITE = "tests/crawler/test_manners.py::"
RUN = "tests/crawler/test_run.py::"

ROWS = (
    Mutant(
        name="6.3.13-page",
        ours="Cut before anything is written: the public part is kept in its place",
        file="crawler/gate.py",
        old="        kept=decision.kept,\n",
        new="        kept=None,\n",
        test="tests/crawler/test_week.py::test_subscriber_text_is_kept_nowhere",
    ),
    Mutant(
        name="6.3.13-page+read",
        ours="Nor is it handed on to whatever reads the page",
        file="crawler/gate.py",
        old='        body=b"" if held_back and is_article else body if decision.kept is None else decision.kept,',
        new="        body=body,",
        test="tests/crawler/test_gate.py::"
        "test_a_body_that_is_packed_and_does_not_say_so_is_judged_by_what_is_in_it",
    ),
    Mutant(
        name="6.3.13-json",
        ours="Of a story's JSON its public fields are kept",
        file="publishers/public_fields.py",
        old='    "label": [KEEP, {"basic": _LABEL',
        new='    "elements": {"content": KEEP},\n    "label": [KEEP, {"basic": _LABEL',
        test="tests/publishers/test_cut_page.py::"
        "test_the_public_fields_of_the_json_are_kept_and_no_text",
    ),
    Mutant(
        name="6.3.13-listing",
        ours="Their links are kept, the stories in their data are not",
        file="publishers/access.py",
        old="    return evolve(_other(cut_listing(page), source), page=page)",
        new="    return evolve(_other(None, source), page=page)",
        test="tests/publishers/test_gate_newspaper.py::"
        "test_a_section_page_keeps_its_links_and_loses_the_text_in_its_scripts",
    ),
    Mutant(
        name="6.3.13-feed",
        ours="Links and standfirsts are kept, stories are not",
        file="publishers/access.py",
        old="                cut = cut_feed(source.text)",
        new="                cut = None",
        test="tests/crawler/test_gate.py::test_a_feed_loses_its_stories_and_stays_a_feed",
    ),
    Mutant(
        name="6.3.13-carried",
        ours="What looks like another story's text is cut out wherever it stands",
        file="publishers/other_text.py",
        old="chain(spans, markup(page.source, spans))",
        new="iter(spans)",
        test="tests/publishers/test_gate_newspaper.py::"
        "test_a_page_that_carries_another_storys_text_loses_it_and_nothing_else",
    ),
    Mutant(
        name="6.3.13-string",
        ours="Strings are read as the data they may be",
        file="publishers/story_text.py",
        old="        elif isinstance(value, str) and may_hold_text(value):",
        new="        elif False:",
        test="tests/publishers/test_gate_newspaper.py::"
        "test_a_page_that_carries_another_storys_text_loses_it_and_nothing_else",
    ),
    Mutant(
        name="6.3.13-word",
        ours="Only an article's own page is believed",
        file="publishers/other_text.py",
        old="own=_own(page, url), trusts=False)",
        new="own=_own(page, url))",
        test="tests/publishers/test_gate_holes.py::"
        "test_a_page_is_not_believed_that_another_storys_text_is_free",
    ),
    Mutant(
        name="6.3.14-spacing",
        ours="The delay counts from the end of one answer to the next request",
        file="archive/lease.py",
        old="        return max(0.0, self._ended + self.delay_seconds - self._clocks.uptime())",
        new="        return 0.0",
        test=RUN + "test_the_delay_is_kept_between_all_requests",
    ),
    Mutant(
        name="6.3.14-spacing+crawl-delay",
        ours="A longer `Crawl-delay` is kept",
        file="crawler/robots_file.py",
        old="    context.pace.slow_down_to(robots.crawl_delay)\n",
        new="",
        test=RUN + "test_a_crawl_delay_longer_than_ours_is_kept",
    ),
    Mutant(
        name="6.3.14-one-at-a-time",
        ours="All runs pass one turnstile, one after the other",
        file="archive/lease.py",
        old="        if lease.holder is not None and not self._is_lost(lease):",
        new="        if False:",
        test="tests/archive/test_lease.py::test_nobody_else_asks_while_a_slice_is_held",
    ),
    Mutant(
        name="6.3.14-robots-first",
        ours="Nothing goes out before it was read",
        file=MANNERS,
        old='        if urlsplit(url).path != "/robots.txt":',
        new="        if False:",
        test=POLITE + "test_nothing_is_asked_before_robots_txt",
    ),
    Mutant(
        name="6.3.14-robots-expired",
        ours="The run ends, what is left is pending, the next one reads it anew",
        file=MANNERS,
        old="        if context.robots is not None and context.robots.expired_at(context.clock()):",
        new="        if False:",
        test=POLITE + "test_rules_that_grow_too_old_in_mid_run_end_it",
    ),
    Mutant(
        name="6.3.14-denied",
        ours="No request for them goes out, wherever the link came from",
        file=MANNERS,
        old="        raise NotAsked(Why.DENIED_PATH)",
        new="        pass",
        test=POLITE + "test_what_is_denied_never_goes_out",
    ),
    Mutant(
        name="6.3.14-denied+robots",
        ours="Nor for what robots.txt forbids",
        file=MANNERS,
        old="        raise NotAsked(Why.ROBOTS)\n",
        new="        pass\n",
        test=POLITE + "test_what_is_denied_never_goes_out",
    ),
    Mutant(
        name="6.3.14-budget",
        ours="It ends with its budget of requests, the rest is pending",
        file=MANNERS,
        old="            raise BudgetSpent",
        new="            pass",
        test=RUN + "test_the_budget_leaves_the_rest_for_the_next_run",
    ),
    Mutant(
        name="6.3.14-agent",
        ours="One honest name with a contact, on every request",
        file="crawler/one_crawl.py",
        old='    settings.set("USER_AGENT", agent, priority="cmdline")\n',
        new="",
        test="tests/crawler/test_week.py::test_agent_and_headers_are_honest",
    ),
)
