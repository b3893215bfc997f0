"""Pitfalls P17 to P23: one poisoned item, characters, announcements, dates that are not to be trusted."""

from tests.mutants.mutant import Mutant

FEEDS = "crawler/feeds.py"
ANNOUNCEMENTS = "crawler/announcements.py"
SITEMAPS = "crawler/sitemaps.py"
NORMALISING = "pipelines/steps/normalising.py"
STEPS = "tests/pipelines/test_steps.py::"
FEEDS_TEST = "tests/crawler/test_feeds.py::"
DISCOVERY = "tests/crawler/test_discovery.py::"
HOSTILE = "tests/pipelines/pages/test_hostile_pages.py::"
CHANGES = "tests/cli/test_changes_over_time.py::"

ROWS = (
    Mutant(
        name="P17-page",
        ours="Set aside with the reason; the others go on",
        file=NORMALISING,
        old="                yield self._gone(page, result) or self._set_aside(page, result)",
        new="                raise result",
        test=STEPS + "test_a_page_that_cannot_be_read_is_set_aside_and_the_others_go_on",
    ),
    Mutant(
        name="P17-record",
        ours="It costs itself alone, and the run is red",
        file=NORMALISING,
        old='            self._quarantine(None, error, f"broken-{next(numbers)}")',
        new="            raise error",
        test=STEPS + "test_a_broken_record_costs_only_itself_and_makes_the_run_red",
    ),
    Mutant(
        name="P17-run",
        ours="The other runs are taken into the catalogue",
        file="pipelines/steps/books.py",
        old='        logger.exception("run %s cannot be taken into the catalogue", run_id)\n        return None',
        new="        raise",
        test=STEPS + "test_a_damaged_run_does_not_keep_the_others_out",
    ),
    Mutant(
        name="P17-link",
        ours="Left out and told; the others are listed",
        file=ANNOUNCEMENTS,
        old="                unusable.append(link.url[:200])\n                continue",
        new="                raise",
        test="tests/crawler/test_passing_answers.py::"
        "test_one_link_that_is_no_address_costs_no_other",
    ),
    Mutant(
        name="P19-utf-16",
        ours="Read in the encoding that it declares",
        file=FEEDS,
        old="        root = etree.fromstring(content, parser)",
        new='        root = etree.fromstring(content.decode("utf-8", "replace").encode(), parser)',
        test=FEEDS_TEST + "test_utf_16_is_read",
    ),
    Mutant(
        name="P19-windows-1252",
        ours="Read whole, and told of as `bad_characters`",
        file=FEEDS,
        old="    etree.ErrorTypes.ERR_INVALID_ENCODING,\n",
        new="",
        test=FEEDS_TEST + "test_a_sitemap_with_bad_characters_is_whole_and_told[windows-1252]",
    ),
    Mutant(
        name="P19-nul",
        ours="Read whole, and told of as `bad_characters`",
        file=FEEDS,
        old="    etree.ErrorTypes.ERR_INVALID_CHAR,\n",
        new="",
        test=FEEDS_TEST + "test_a_sitemap_with_bad_characters_is_whole_and_told[NUL]",
    ),
    Mutant(
        name="P19-page-nul",
        ours="Left out before the page is parsed",
        file="pipelines/pages/markup.py",
        old='    text = _CONTROL.sub("", decode(content, content_type))',
        new="    text = decode(content, content_type)",
        test=HOSTILE + "test_a_nul_does_not_end_the_text",
    ),
    Mutant(
        name="P19-composition",
        ours="One revision: text is kept in one form (NFC)",
        file="pipelines/compare.py",
        old='    return " ".join(unicodedata.normalize("NFC", text).split())',
        new='    return " ".join(text.split())',
        test="tests/pipelines/test_compare.py::test_white_space_and_composition_are_no_revision",
    ),
    Mutant(
        name="P19-half-emoji",
        ours="Replaced, so that the page can be kept",
        file="publishers/fusion.py",
        old="        value = lone_surrogates_out(value)",
        new="        pass",
        test="tests/publishers/test_fusion.py::"
        "test_halves_of_characters_are_replaced_and_whole_ones_are_not",
    ),
    Mutant(
        name="P20-html-feed",
        ours="Told apart as `html`; the run hears of it",
        file=FEEDS,
        old="    if _HTML.match(content):",
        new="    if False:",
        test=DISCOVERY + "test_each_oddity_of_a_feed_is_told_apart[html-html]",
    ),
    Mutant(
        name="P20-homepage",
        ours="Told apart as `no_articles`",
        file=ANNOUNCEMENTS,
        old='            missing = None if found else "no_articles"',
        new="            missing = None",
        test=DISCOVERY + "test_each_oddity_of_a_feed_is_told_apart[homepage_urls-no_articles]",
    ),
    Mutant(
        name="P20-schemeless",
        ours="Read as links to that host",
        file="archive/urls.py",
        old='    if text.lower().startswith("www.") and not _SCHEME.match(text):',
        new="    if False:",
        test="tests/archive/test_urls.py::test_links_are_resolved_against_their_page",
    ),
    Mutant(
        name="P20-long-address",
        ours="No address beyond what sitemaps allow, measured without what only tracks",
        file="archive/urls.py",
        old="    if len(spelled) > _LONGEST:",
        new="    if False:",
        test="tests/archive/test_urls.py::test_an_address_is_measured_without_what_only_tracks",
    ),
    Mutant(
        name="P20-name-unknown",
        ours="Tried again, then said in one line",
        file="crawler/fetcher.py",
        old="        except (DownloadConnectionRefusedError, CannotResolveHostError) as error:",
        new="        except DownloadConnectionRefusedError as error:",
        test="tests/crawler/test_passing_answers.py::"
        "test_a_name_that_nobody_knows_is_one_clear_line",
    ),
    Mutant(
        name="P20-again",
        ours="Listed, and not asked for before it is due",
        file="crawler/schedule.py",
        old="    if now - asked.asked_at >= intervals.pause(age) - SLACK:",
        new="    if now:",
        test="tests/crawler/test_run.py::test_a_second_run_asks_for_nothing_that_is_not_due",
    ),
    Mutant(
        name="P21-back-dated",
        ours="Archived: what is new goes by the id, never by a date",
        file=ANNOUNCEMENTS,
        old="            elif self._not_before and link.lastmod and link.lastmod < self._not_before:",
        new="            elif link.lastmod and link.lastmod < self._context.plan.started_at.replace(hour=0):",
        test=CHANGES + "test_a_back_dated_story_that_appears_later_is_archived",
    ),
    Mutant(
        name="P21-settled-day",
        ours="Archived: yesterday is read again, feed and listing know no dates",
        file="crawler/schedule.py",
        old="            if day not in settled or day >= today - timedelta(days=1)",
        new="            if day not in settled or day >= today",
        test=CHANGES + "test_a_back_dated_story_that_appears_later_is_archived",
    ),
    Mutant(
        name="P22-touched",
        ours="A hint when to look: what is new goes before all of it",
        file="crawler/due.py",
        old='    return entry.carried == "failed", asked is not None, since',
        new='    return entry.carried == "failed", True, since',
        test="tests/crawler/test_again.py::"
        "test_a_site_that_touches_everything_keeps_no_new_story_waiting",
    ),
    Mutant(
        name="P23-nested",
        ours="Followed, so deep and so many",
        file=SITEMAPS,
        old="            elif depth < MAX_DEPTH and self._nested_left:",
        new="            elif False:",
        test=DISCOVERY + "test_an_index_in_another_shape_leads_to_the_same_days[nested]",
    ),
    Mutant(
        name="P23-loop",
        ours="Each is read once",
        file=SITEMAPS,
        old="            elif address in self._indexes:",
        new="            elif False:",
        test=DISCOVERY + "test_an_index_in_another_shape_leads_to_the_same_days[nested_loop]",
    ),
    Mutant(
        name="P23-index-for-a-day",
        ours="Its sitemaps are the day's",
        file=FEEDS,
        old='    if _local(root) == "sitemapindex":',
        new="    if False:",
        test=DISCOVERY + "test_an_index_where_a_day_should_be_is_followed_so_far",
    ),
    Mutant(
        name="P23-endless",
        ours="Left at a depth, and the day stays unread with the reason",
        file=SITEMAPS,
        old="        if depth == MAX_DEPTH or len(below) > self._nested_left:",
        new="        if len(below) > self._nested_left:",
        test=DISCOVERY + "test_an_index_where_a_day_should_be_is_followed_so_far",
    ),
    Mutant(
        name="P23-huge",
        ours="Read so far, and told of as `too_many`",
        file=FEEDS,
        old='    return Reading(found[:MAX_LINKS], "too_many" if len(found) > MAX_LINKS else flaw)',
        new="    return Reading(found, flaw)",
        test=FEEDS_TEST + "test_more_addresses_than_an_announcement_may_hold_are_told",
    ),
    Mutant(
        name="P23-dead",
        ours="Read as far as it goes; its day is not called read",
        file=FEEDS,
        old='        return root, "malformed_xml"',
        new="        return root, None",
        test=DISCOVERY + "test_each_shape_of_a_sitemap_is_told_apart[broken]",
    ),
)
