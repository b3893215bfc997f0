"""Mutated pages end with a record or one of our errors, and tell nothing that is for subscribers.

The same mutations, a hundred times as many pages and real ones too: ``make fuzz``.
"""

import random

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from benchmarks.fuzz_pages import Source, marks, newspaper, outcome, without_moved
from tests.publishers.pages import RULES, URL, page, premium_page

SOURCES = [*newspaper(), Source(URL, page()), Source(URL, premium_page())]
PREMIUM = [source for source in SOURCES if b"HIDDENBODY" in source.html]


# A seed can't be made simpler, so that there is nothing to shrink.
@settings(max_examples=150, deadline=None, derandomize=True, phases=[Phase.generate])
@given(st.integers(min_value=0), st.sampled_from(SOURCES) | st.sampled_from(PREMIUM))
def test_a_mutated_page_ends_with_a_record_or_one_of_our_errors(seed: int, source: Source):
    outcome(random.Random(seed), source)  # noqa: S311 - no secret


def test_what_marks_a_page_as_premium_is_found_in_any_encoding():
    assert all(marks(source.html, RULES) for source in PREMIUM)
    html = premium_page().decode()
    assert marks(html.encode("utf-16"), RULES) == marks(html.encode(), RULES)
    assert marks(page(), RULES) == set()


def test_only_words_after_the_name_of_a_public_part_count_as_moved():
    html = premium_page("HIDDENBODY").replace(b"<nav>", b"<nav>HIDDENBODY")
    assert without_moved(html, RULES) == html
    assert without_moved(html.replace(b"article-bottom", b"x"), RULES).count(b"HIDDENBODY") == 1
