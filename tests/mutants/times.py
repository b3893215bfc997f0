"""Quirks 6.3.7 to 6.3.9 and 6.3.12: times, identity, and days that are read again."""

from tests.mutants.mutant import Mutant

SCHEDULE = "crawler/schedule.py"
ANNOUNCEMENTS = "crawler/announcements.py"
CHANGES = "tests/cli/test_changes_over_time.py::"
BACKFILLS = "tests/cli/test_backfilled_dates.py::"
DISCOVERY = "tests/crawler/test_discovery.py::"

ROWS = (
    Mutant(
        name="6.3.7-visible-time",
        ours="Kept as it stands, never read: only an instant with its zone is one",
        file="pipelines/pages/dates.py",
        old="    found = _iso(value.strip()) or _mail(value.strip())",
        new='    found = _iso(value.strip()) or _mail(value.replace(",", "").replace("PM", "+0000"))',
        test="tests/pipelines/pages/test_nzherald.py::"
        "test_the_visible_time_is_kept_as_it_stands_and_never_read",
    ),
    Mutant(
        name="6.3.7-next-day",
        ours="Dates are the publisher's, worked out with its time zone",
        file="archive/catalogue/taking_in.py",
        old="    return instant.astimezone(ZoneInfo(timezone)).date()",
        new="    return instant.date()",
        test=BACKFILLS + "test_each_story_is_found_by_its_new_zealand_date_alone[next day]",
    ),
    Mutant(
        name="6.3.7-clock-changes",
        ours="A date begins and ends at its midnights there, 23 or 25 hours apart",
        file=SCHEDULE,
        old="    return datetime.combine(plan.since, time(), ZoneInfo(timezone))",
        new="    return datetime.combine(plan.since, time(), UTC) - timedelta(hours=12)",
        test=BACKFILLS + "test_each_story_is_found_by_its_new_zealand_date_alone[clocks back]",
    ),
    Mutant(
        name="6.3.7-two-utc-days",
        ours="Both are read, and each story is archived once",
        file=SCHEDULE,
        old="        days = _days(first - timedelta(days=1), min(last, today))",
        new="        days = _days(first, min(last, today))",
        test=BACKFILLS + "test_each_story_is_found_by_its_new_zealand_date_alone[next day]",
    ),
    Mutant(
        name="6.3.8-shown-long-before",
        ours="The first publication is its date, the last change stands beside it",
        file="pipelines/pages/nzherald.py",
        old="    first, last = dates.choose((*published, *shown)), dates.choose(modified)",
        new="    first, last = dates.choose((*modified, *published)), dates.choose(modified)",
        test=CHANGES + "test_odd_dates_are_kept_as_stated",
    ),
    Mutant(
        name="6.3.8-no-dates",
        ours="It belongs to the date on which it was first seen",
        file="archive/catalogue/taking_in.py",
        old='    day = local_day(newest["date_published"] or first_seen_at, timezone)',
        new='    day = local_day(newest["date_published"] or newest["captured_at"], timezone)',
        test="tests/archive/test_catalogue.py::"
        "test_an_undated_article_belongs_to_the_date_it_was_first_seen",
    ),
    Mutant(
        name="6.3.8-future",
        ours="Archived with its date as stated, and as old as its first capture when it comes to looking again",
        file="archive/sequence.py",
        old="        instants = [min(date_published or first, first)]",
        new="        instants = [date_published or first]",
        test="tests/archive/test_sequence.py::"
        "test_a_story_of_the_future_is_as_old_as_its_first_capture",
    ),
    Mutant(
        name="6.3.9-same-slug",
        ours="The id in the address is the identity, the slug never",
        file="publishers/spec.py",
        old='        return found["id"] if found else None',
        new='        return found["slug"] if found else None',
        test=CHANGES + "test_what_is_alike_stays_apart_and_what_is_one_is_held_once",
    ),
    Mutant(
        name="6.3.9-two-addresses",
        ours="One article; the other address is an alias",
        file="crawler/book.py",
        old="            self.aliases.add(url)",
        new="            pass",
        test=CHANGES + "test_what_is_alike_stays_apart_and_what_is_one_is_held_once",
    ),
    Mutant(
        name="6.3.9-same-wire",
        ours="Two articles, each with its own object",
        file="archive/keys.py",
        old='    return f"{publisher}/articles/{article_id}/{revision}.json"',
        new='    return f"{publisher}/articles/{revision[:26]}/{revision}.json"',
        test=CHANGES + "test_what_is_alike_stays_apart_and_what_is_one_is_held_once",
    ),
    Mutant(
        name="6.3.9-many-announcements",
        ours="One line in the books with all who named it, asked for once",
        file="crawler/book.py",
        old="        entry.sources[listing.source] = None",
        new="        entry.sources = {listing.source: None}",
        test=CHANGES + "test_what_is_alike_stays_apart_and_what_is_one_is_held_once",
    ),
    Mutant(
        name="6.3.12-empty-day",
        ours="Not read, unless it is today: the site's way to fail silently",
        file=ANNOUNCEMENTS,
        old="        if said.problem is None and not may_be_empty:",
        new="        if said.problem is None and not may_be_empty and said.links:",
        test=DISCOVERY + "test_each_shape_of_a_sitemap_is_told_apart[broken]",
    ),
    Mutant(
        name="6.3.12-missing-day",
        ours="Not read, with the reason; a gap until a repair reads it",
        file="crawler/sitemaps.py",
        old="        if problem or self._doubt:",
        new="        if self._doubt:",
        test=DISCOVERY + "test_each_shape_of_a_sitemap_is_told_apart[broken]",
    ),
    Mutant(
        name="6.3.12-split-day",
        ours="Read whole, each part once",
        file="crawler/daily.py",
        old="                dated.setdefault(day, []).append(url)",
        new="                dated[day] = [url]",
        test=DISCOVERY + "test_a_split_day_is_read_whole_and_each_part_once",
    ),
    Mutant(
        name="6.3.12-open-day",
        ours="A day that ends between index and sitemap is asked for under its date",
        file="crawler/daily.py",
        old="            return [self.publisher.sitemap_under_date(url, day) for url in self.latest]",
        new="            return self.latest",
        test="tests/crawler/test_daily.py::"
        "test_a_day_that_ends_after_the_index_is_asked_for_under_its_date",
    ),
    Mutant(
        name="6.3.12-open-day+again",
        ours="Today and yesterday are read by every run",
        file=SCHEDULE,
        old="            if day not in settled or day >= today - timedelta(days=1)",
        new="            if day not in settled",
        test="tests/crawler/test_schedule.py::test_a_kept_archive_reads_two_days",
    ),
    Mutant(
        name="6.3.12-moved",
        ours="Listed all the same: a later change says nothing of the date of publication",
        file=ANNOUNCEMENTS,
        old="link.lastmod < self._not_before:",
        new="link.lastmod.date() != self._not_before.date():",
        test=BACKFILLS + "test_a_day_read_again_after_stories_moved_loses_and_doubles_nothing",
    ),
    Mutant(
        name="6.3.12-killed",
        ours="What was fetched is brought in by the next run, which asks for the rest",
        file="crawler/one_crawl.py",
        old="        bring_in_leftovers(archive.settings.home, folder, archive.store)\n",
        new="",
        test=BACKFILLS
        + "test_a_backfill_killed_in_mid_day_and_run_again_loses_and_doubles_nothing",
    ),
    Mutant(
        name="6.3.12-two-at-once",
        ours="Equal bytes under one key are one object; the second finds nothing new",
        file="pipelines/steps/normalising.py",
        old="        kept = None if is_held else claim(self._archive.store, article_object(content))",
        new="        made, kept = article_object(content), None\n"
        "        if not is_held:\n"
        '            self._archive.store.put_once(f"{made.key}-{self._run_id}", made.content)',
        test=BACKFILLS + "test_two_runs_over_one_day_at_once_hold_each_story_once",
    ),
    Mutant(
        name="6.3.12-too-early",
        ours="Said to be not available, never a success",
        file="crawler/discovery.py",
        old='        if plan.purpose == "dates" and len(context.unread_days) == len(wanted):',
        new='        if plan.purpose == "dates" and not wanted:',
        test=DISCOVERY + "test_dates_before_the_first_listed_day_are_not_available",
    ),
)
