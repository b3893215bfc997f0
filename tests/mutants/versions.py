"""Quirks 6.3.6 and 6.3.11 over time: histories, removals, and when to look again."""

from tests.mutants.mutant import Mutant

SEQUENCE = "tests/archive/test_sequence.py::"
REMOVALS = "tests/cli/test_removals.py::"
CONFIRMED = REMOVALS + "test_a_removal_is_confirmed_by_a_second_look_and_loses_nothing"

ROWS = (
    Mutant(
        name="6.3.11-404+second-look",
        ours="A removal only when two runs in a row have seen it",
        file="archive/sequence.py",
        old="ENOUGH_LOOKS = 2",
        new="ENOUGH_LOOKS = 1",
        test=SEQUENCE + "test_a_removal_takes_a_second_look",
    ),
    Mutant(
        name="6.3.11-404+validators",
        ours="Asked for in full from then on: a 304 would hide that it is there again",
        file="archive/catalogue/taking_in.py",
        old="        if line.article_id in gone or (",
        new="        if (",
        test=REMOVALS + "test_a_restored_story_continues_its_history",
    ),
    Mutant(
        name="6.3.11-404+unlisted",
        ours="Looked at again when it is due, though nothing announces it",
        file="crawler/due.py",
        old='    if plan.purpose == "present" and not plan.dry_run:',
        new='    if plan.purpose == "survey":',
        test=CONFIRMED + "[404-http_404-http_404]",
    ),
    Mutant(
        name="6.3.11-redirect+capture",
        ours="A removal, with where it leads",
        file="pipelines/removal.py",
        old="    if page.http_status in _REDIRECTS and",
        new="    if False and",
        test=CONFIRMED + "[redirect_section-redirected-redirected_away]",
    ),
    Mutant(
        name="6.3.11-soft-404+capture",
        ours="A removal, with the marks that say so",
        file="pipelines/removal.py",
        old='_INSTEAD = {"soft_404", "section_front"}',
        new='_INSTEAD = {"section_front"}',
        test=CONFIRMED + "[page_not_found-soft_404-soft_404]",
    ),
    Mutant(
        name="6.3.11-old-copy+standing",
        ours="What stood stays what is shown",
        file="archive/sequence.py",
        old="        if look.removed:\n            self._take_removal(look)\n        elif",
        new="        if",
        test=SEQUENCE + "test_a_removal_counts_from_its_first_look",
    ),
)
