"""Pitfalls P24 to P43: identity, pages that are none, stubs, drift, addresses, sizes."""

from tests.mutants.mutant import Mutant

STATE = "publishers/page_state.py"
WALLS = "publishers/walls.py"
FETCHER = "crawler/fetcher.py"
ODD = "tests/crawler/test_odd_answers.py::"
ADDRESSES = "tests/crawler/test_addresses.py::"
TOLD_APART = (
    "tests/publishers/test_page_state.py::test_what_comes_in_place_of_a_story_is_told_apart"
)
SETTINGS = "tests/crawler/test_settings.py::"
CHANGES = "tests/cli/test_changes_over_time.py::"
DRIFT = "tests/cli/test_drift.py::"

ROWS = (
    Mutant(
        name="P24-slug",
        ours="The same story: the redirect keeps its id, the new address is an alias",
        file="crawler/spiders/articles.py",
        old="            if target != entry.article_id:",
        new="            if url != entry.url:",
        test=ODD + "test_a_story_under_a_new_slug_is_the_same_story",
    ),
    Mutant(
        name="P25-wrong",
        ours="Kept as evidence: the address that was asked for decides",
        file="pipelines/normalise.py",
        old='    stated = (url, reading.canonical_url or "")',
        new='    stated = (reading.canonical_url or "", url)',
        test=CHANGES + "test_a_misleading_canonical_address_gives_no_other_article",
    ),
    Mutant(
        name="P25-home",
        ours="The page's own data know better than a template's mistake",
        file=STATE,
        old="    elsewhere = None if _is_own(story, url, publisher) else _elsewhere(page, url, publisher)",
        new="    elsewhere = _elsewhere(page, url, publisher)",
        test="tests/publishers/test_page_state.py::test_an_article_is_an_article",
    ),
    Mutant(
        name="P25-loop",
        ours="Left at the first address that was met before",
        file=FETCHER,
        old="            if url in passed:",
        new="            if False:",
        test=ODD + "test_redirects_end",
    ),
    Mutant(
        name="P25-chain",
        ours="Left after five",
        file=FETCHER,
        old="            if len(passed) > MAX_REDIRECTS:",
        new="            if False:",
        test=ODD + "test_redirects_end",
    ),
    Mutant(
        name="P26-redirect",
        ours="Failed as redirected away; the target is not taken for the story",
        file="crawler/spiders/articles.py",
        old="                raise NoAnswer(Why.REDIRECTED_AWAY)",
        new="                return",
        test=ODD + "test_a_redirect_away_is_not_an_article[to_front]",
    ),
    Mutant(
        name="P26-title",
        ours="Failed as a soft 404, and not asked for for ever",
        file="crawler/replies.py",
        old='    "soft_404": ("failed", "soft_404"),\n',
        new="",
        test="tests/crawler/test_replies.py::test_each_kind_of_page_has_its_place_in_the_books",
    ),
    Mutant(
        name="P27-cloudflare",
        ours="Told by its header and by its scripts: a refusal",
        file=WALLS,
        old="    return next((wall for wall in WALLS if wall.header in sent), None)",
        new="    return None",
        test="tests/crawler/test_gate.py::test_a_challenge_is_a_block_at_any_address_and_status",
    ),
    Mutant(
        name="P27-akamai",
        ours="Told by its title and its words together: a refusal",
        file=STATE,
        old="    if not carries and (wall_state := _wall(page)):",
        new='    if not carries and (wall_state := _wall(page)) and wall_state.kind != "block":',
        test=TOLD_APART + "[akamai_denied]",
    ),
    Mutant(
        name="P27-captcha",
        ours="A refusal whatever its status: the run ends, nobody asks again for a while",
        file=FETCHER,
        old='    if state is not None and state.kind == "block":',
        new="    if False:",
        test="tests/crawler/test_refusals.py::"
        "test_a_challenge_ends_the_crawl_whatever_its_status[article]",
    ),
    Mutant(
        name="P27-consent",
        ours="Failed as a consent wall",
        file="crawler/replies.py",
        old='    "consent_wall": ("failed", "consent_wall"),\n',
        new="",
        test="tests/crawler/test_replies.py::test_each_kind_of_page_has_its_place_in_the_books",
    ),
    Mutant(
        name="P28-stub",
        ours="Kept as what it is: premium, with its public part",
        file="publishers/marks.py",
        old="            *(*true_flags, *paid_codes, *_segments(found)),",
        new="            *_segments(found),",
        test="tests/publishers/test_access_marks.py::test_each_hard_mark_alone_means_premium",
    ),
    Mutant(
        name="P28-flip",
        ours="A change of access; the fuller text stays the one shown",
        file="pipelines/steps/objects.py",
        old="    return found if fuller is None else with_text_of(found, fuller)",
        new="    return found",
        test="tests/pipelines/test_flips.py::test_the_fuller_text_once_public_stays_the_text_shown",
    ),
    Mutant(
        name="P28-contradiction",
        ours="Unknown: nothing of its body is kept, and it supersedes nothing",
        file="pipelines/compare.py",
        old='    if content.access == "unknown" and seen.latest_access != "unknown":',
        new="    if False:",
        test="tests/pipelines/test_compare.py::test_unknown_access_never_supersedes_what_was_known",
    ),
    Mutant(
        name="P35-not-found",
        ours="All is listed again, asked for or not",
        file="crawler/spiders/articles.py",
        old='                leave(entry, asked, "not_due", reason)',
        new="                context.book.entries.pop(entry.article_id)",
        test="tests/crawler/test_run.py::test_a_second_run_asks_for_nothing_that_is_not_due",
    ),
    Mutant(
        name="P35-unchanged",
        ours="What nobody asked for is unchanged",
        file="pipelines/reconcile.py",
        old='        return "unchanged", line.reason or line.state',
        new='        return "skipped", line.reason or line.state',
        test="tests/pipelines/test_reconcile.py::test_every_state_ends_as_one_of_the_five_words",
    ),
    Mutant(
        name="P36-fields",
        ours="Red on the first day, with the field and how rarely it was found",
        file="pipelines/health.py",
        old="    return low if readable >= LEAST_PAGES else []",
        new="    return []",
        test=DRIFT + "test_a_field_that_pages_no_longer_state_turns_the_run_red",
    ),
    Mutant(
        name="P36-layout",
        ours="Unknown, never an empty success; red on the first day",
        file="pipelines/health.py",
        old="    if whole >= LEAST_PAGES and part > UNKNOWN_CEILING * whole and history.report.unknown:",
        new="    if False:",
        test=DRIFT + "test_a_redesign_turns_the_run_red_and_takes_nothing_away",
    ),
    Mutant(
        name="P37-byte-budget",
        ours="Each setting is shown to change what a crawl does",
        file="crawler/middlewares/manners.py",
        old="            raise ByteBudgetSpent",
        new="            pass",
        test=SETTINGS + "test_each_setting_changes_the_result[byte_budget]",
    ),
    Mutant(
        name="P37-listing-days",
        ours="The same",
        file="crawler/discovery.py",
        old="        return wanted_days(context.plan, runs, listing_days=listing_days)",
        new="        return wanted_days(context.plan, runs, listing_days=2)",
        test=SETTINGS + "test_each_setting_changes_the_result[listing_days]",
    ),
    Mutant(
        name="P37-ask",
        ours="The same for each choice of a plan",
        file="crawler/spiders/articles.py",
        old='            return "held" if held else None',
        new="            return None",
        test=SETTINGS + "test_each_choice_of_a_plan_changes_the_result[ask]",
    ),
    Mutant(
        name="P42-private",
        ours="Checked after it was resolved, in any spelling: nobody connects",
        file="crawler/resolver.py",
        old="    return ip.is_loopback if loopback else ip.is_global and not ip.is_multicast",
        new="    return bool(ip)",
        test=ADDRESSES + "test_a_live_origin_that_leads_to_this_machine_is_refused[2130706433]",
    ),
    Mutant(
        name="P42-redirect",
        ours="No redirect to another host is followed, whatever it resolves to",
        file=FETCHER,
        old="            raise NoAnswer(Why.OTHER_HOST)",
        new="            pass",
        test=ADDRESSES + "test_a_redirect_into_our_own_network_is_not_followed[169.254.169.254]",
    ),
    Mutant(
        name="P43-too-large",
        ours="Its headers are kept with a mark, nothing of it is read",
        file="crawler/oversize.py",
        old="        if received > MAX_BODY_BYTES:",
        new="        if False:",
        test=ODD + "test_a_body_that_is_too_large_leaves_its_headers_and_a_mark[endless]",
    ),
    Mutant(
        name="P43-unmarked",
        ours="The record says that it is truncated, and no article is read from it",
        file="crawler/middlewares/capture.py",
        old='    return "disconnect" if "dataloss" in response.flags else None',
        new="    return None",
        test=ODD + "test_what_came_before_the_line_broke_is_kept_and_marked",
    ),
    Mutant(
        name="P43-marks-missing",
        ours="Unknown: of a page that is not whole no text is kept",
        file="publishers/access.py",
        old="    marks = page.marks if whole else evolve(page.marks, doubts=(*page.marks.doubts, NOT_WHOLE))",
        new="    marks = page.marks",
        test="tests/crawler/test_gate.py::test_of_what_came_in_part_no_text_is_kept",
    ),
)
