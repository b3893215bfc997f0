"""The reader for any publisher, on self-written pages."""

from datetime import UTC, datetime

import pytest

from archive.errors import UnreadablePage
from archive.records import AuthorDetails, Image
from pipelines.pages import PageReading, read

URL = "https://news.example/world/ferry"
PROSE = [
    f"Paragraph {word} tells of the ferry between the two islands and of the people who wait for it."
    for word in ("one", "two", "three", "four")
]
BODY = "".join(f"<p>{text}</p>" for text in PROSE)


def page(head: str = "", body: str = BODY, above: str = "<h1>Ferry runs again</h1>") -> bytes:
    return (
        f'<!doctype html><html lang="en_NZ"><head><meta charset="utf-8">{head}</head><body>'
        f"<nav><a href='/'>Home</a></nav><article>{above}{body}</article></body></html>"
    ).encode()


def reading_of(html: bytes) -> PageReading:
    return read(html, url=URL, captured_at=datetime(2026, 3, 2, tzinfo=UTC), publisher=None)


def linked_data(inside: str) -> str:
    return f'<script type="application/ld+json">{inside}</script>'


def test_the_text_comes_in_blocks_with_their_kinds() -> None:
    body = (
        f"{BODY}<h2>Timetable</h2><ul><li>Morning boat</li><li>Evening boat</li></ul>{BODY[:107]}"
    )
    found = reading_of(page(body=body))
    assert [block.text for block in found.body][:4] == PROSE
    assert ("heading", "Timetable") in [(block.kind, block.text) for block in found.body]
    assert ("list", "Morning boat\nEvening boat") in [(b.kind, b.text) for b in found.body]
    assert found.provenance["body"] == "trafilatura"


def test_a_body_split_into_parts_is_read_whole() -> None:
    more = "".join(f"<p>{text.replace('ferry', 'bridge')} It took years.</p>" for text in PROSE * 2)
    parts = (
        f"<div class='part'>{BODY}</div>",
        "<div class='advert'>Buy</div>",
        f"<div class='part'>{more}</div>",
    )
    found = reading_of(page(body="".join(parts)))
    assert "bridge" in found.body[-1].text


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        ("Ferry runs again - Example News", "Ferry runs again"),
        ("Example News: Ferry runs again", "Example News: Ferry runs again"),
        ("Example News | Ferry runs again", "Ferry runs again"),
        ("Ferry - a love story", "Ferry - a love story"),
        ("Ferry runs again | The Example News", "Ferry runs again"),
    ],
)
def test_the_headline_is_without_the_name_of_the_site(title: str, headline: str) -> None:
    head = f'<title>{title}</title><meta property="og:site_name" content="Example News">'
    assert reading_of(page(head, above="")).headline == headline


def test_the_headline_shown_leads_and_the_other_is_kept() -> None:
    head = '<meta property="og:title" content="Islands: ferry runs again after six weeks">'
    found = reading_of(page(head))
    assert (found.headline, found.provenance["headline"]) == ("Ferry runs again", "h1")
    assert found.alternative_headline == "Islands: ferry runs again after six weeks"


def test_people_and_agencies_stand_apart() -> None:
    head = linked_data(
        '{"@type":"NewsArticle","author":[{"@type":"Person","name":"By Jane Example and Hōne Sample"},'
        '{"@type":"Organization","name":"Associated Press"},{"name":"Example News"}],'
        '"publisher":{"name":"Example News"}}'
    )
    found = reading_of(page(head))
    assert found.authors == ("Jane Example", "Hōne Sample")
    assert found.agency == "AP"
    assert found.provenance["authors"] == "json-ld:author"


@pytest.mark.parametrize(
    ("byline", "people"),
    [
        ("Jane Example, Health Editor", {"Jane Example": "Health Editor"}),
        ("By Jane Example - World Editor", {"Jane Example": "World Editor"}),
        ("Jane Example Health Editor", {"Jane Example": "Health Editor"}),
        (
            "Jane Example, Senior Political Reporter, and Hōne Sample, Europe correspondent",
            {"Jane Example": "Senior Political Reporter", "Hōne Sample": "Europe correspondent"},
        ),
        (
            "Jane Example, Hōne Sample and Ann Other",
            dict.fromkeys(("Jane Example", "Hōne Sample", "Ann Other")),
        ),
        (
            "Jane Example, editor of the Tarevna Courier",
            {"Jane Example": "editor of the Tarevna Courier"},
        ),
        ("Jane Example, Associated Press", {"Jane Example": None}),
    ],
)
def test_a_role_in_a_byline_stands_beside_the_person(
    byline: str, people: dict[str, str | None]
) -> None:
    found = reading_of(page(f'<meta name="author" content="{byline}">'))
    assert found.authors == tuple(people)
    told = {one.name: one.job_title for one in found.author_details}
    assert told == {name: title for name, title in people.items() if title}


def test_role_and_lines_about_an_author_are_no_name_and_no_text() -> None:
    head = linked_data(
        '{"@type":"NewsArticle","author":[{"@type":"Person","name":"Jane Example","jobTitle":"Health Editor",'
        '"description":"<p>Jane Example has covered hospitals &amp; homes for ten years.</p>"},'
        '{"@type":"Person","name":"Hōne Sample","jobTitle":null,"description":"Hōne Sample"}]}'
    )
    found = reading_of(page(head))
    assert found.authors == ("Jane Example", "Hōne Sample")
    assert found.author_details == (
        AuthorDetails(
            name="Jane Example",
            job_title="Health Editor",
            description="Jane Example has covered hospitals & homes for ten years.",
        ),
    )
    assert found.provenance["author_details"] == "json-ld:author"
    assert not any("hospitals" in block.text for block in found.body)


@pytest.mark.parametrize(
    ("head", "minutes"),
    [
        (
            '<script type="application/ld+json">{"@type":"NewsArticle","timeRequired":"PT5M"}</script>',
            5,
        ),
        (
            '<script type="application/ld+json">{"@type":"NewsArticle","timeRequired":"PT1H2M30S"}</script>',
            62,
        ),
        (
            '<meta name="twitter:label1" content="Est. reading time"><meta name="twitter:data1" content="3 minutes">',
            3,
        ),
        (
            '<meta name="twitter:label1" content="Written by"><meta name="twitter:data1" content="3 minutes">',
            None,
        ),
        (
            '<script type="application/ld+json">{"@type":"NewsArticle","timeRequired":"soon"}</script>',
            None,
        ),
    ],
)
def test_the_reading_time_is_the_one_stated(head: str, minutes: int | None) -> None:
    assert reading_of(page(head)).read_minutes == minutes


@pytest.mark.parametrize(
    ("spelled", "usual"),
    [
        ("Associated Press", "AP"),
        ("The Associated Press", "AP"),
        ("AP", "AP"),
        ("Agence France-Presse", "AFP"),
        ("REUTERS", "Reuters"),
        ("The New York Times", "New York Times"),
        ("Tarevna Courier Service", "Tarevna Courier Service"),
    ],
)
def test_an_agency_has_its_usual_name_however_it_is_spelled(spelled: str, usual: str) -> None:
    author = f'{{"@type":"NewsArticle","author":{{"@type":"Organization","name":"{spelled}"}}}}'
    found = reading_of(page(linked_data(author)))
    assert (found.authors, found.agency) == ((), usual)


def test_the_publisher_itself_is_no_agency() -> None:
    head = '<meta name="author" content="Example News Staff"><meta property="og:site_name" content="Example News">'
    assert reading_of(page(head)).authors == ()


@pytest.mark.parametrize(
    ("stated", "instant"),
    [
        ("2026-03-01T09:30:00+13:00", datetime(2026, 2, 28, 20, 30, tzinfo=UTC)),
        ("2026-03-01T09:30:00.250Z", datetime(2026, 3, 1, 9, 30, tzinfo=UTC)),
        ("2026-03-01 09:30:00 +1300", datetime(2026, 2, 28, 20, 30, tzinfo=UTC)),
        ("Sun, 01 Mar 2026 09:30:00 GMT", datetime(2026, 3, 1, 9, 30, tzinfo=UTC)),
        ("2026-03-01T09:30:00", None),
        ("2026-03-01", None),
        ("1 March 2026", None),
        ("2026-13-41T09:30:00Z", None),
        ("yesterday", None),
    ],
)
def test_only_a_time_with_its_zone_becomes_an_instant(
    stated: str, instant: datetime | None
) -> None:
    found = reading_of(page(f'<meta property="article:published_time" content="{stated}">'))
    assert found.date_published == instant
    assert found.date_published_raw == stated
    assert (found.dates[0].value, found.dates[0].source) == (stated, "meta:article:published_time")


def test_no_date_is_made_out_of_the_text() -> None:
    found = reading_of(page(body=BODY + "<p>It was built on 4 May 1995 and rebuilt in 2003.</p>"))
    assert (found.date_published, found.date_published_raw, found.dates) == (None, None, ())


def test_a_time_with_zone_is_preferred_to_one_without() -> None:
    head = linked_data('{"@type":"NewsArticle","datePublished":"2026-03-01T09:30:00"}')
    head += '<meta property="article:published_time" content="2026-03-01T09:30:00+13:00">'
    assert reading_of(page(head)).provenance["date_published"] == "meta:article:published_time"


@pytest.mark.parametrize(
    "sloppy",
    [
        '{"@type":"NewsArticle","headline":"Ferry runs again","description":"Line one\nline\ttwo"}',
        '{"@type":"NewsArticle","headline":"Ferry runs again","description":"Line one line two",}',
        '[{"@graph":[{"@type":["NewsArticle"],"headline":"Ferry runs again","description":"Line one line two"}]}]',
        '<!-- {"@type":"NewsArticle","headline":"Ferry runs again","description":"Line one line two"} -->',
        '{"@type":"WebSite"}{"@type":"Article","headline":"Ferry runs again","description":"Line one line two"}',
        '{"@type":"https://schema.org/LiveBlogPosting","headline":"Ferry runs again","description":"Line one line two"};',
    ],
)
def test_json_ld_is_read_however_sloppy(sloppy: str) -> None:
    assert reading_of(page(linked_data(sloppy))).description == "Line one line two"


def test_an_author_may_be_a_reference_to_another_node() -> None:
    head = linked_data(
        '{"@graph":[{"@type":"Person","@id":"#jane","name":"Jane Example"},'
        '{"@type":"NewsArticle","headline":"Ferry runs again","author":{"@id":"#jane"}}]}'
    )
    assert reading_of(page(head)).authors == ("Jane Example",)


def test_captions_are_apart_from_the_body_with_their_credit() -> None:
    figure = (
        '<figure><img src="/ferry.jpg"><figcaption>The ferry at dawn in the northern harbour of the island.'
        " Photo / AP</figcaption></figure>"
    )
    found = reading_of(page(body=f"<p>{PROSE[0]}</p>{figure}<p>{PROSE[1]}</p>" + BODY))
    caption = "The ferry at dawn in the northern harbour of the island."
    picture = Image(url="https://news.example/ferry.jpg", caption=caption, credit="AP")
    assert found.images == (picture,)
    assert all("dawn" not in block.text for block in found.body)


@pytest.mark.parametrize(
    ("marks", "access"),
    [
        ('"isAccessibleForFree":true', "free"),
        ('"isAccessibleForFree":"False"', "premium"),
        ('"isAccessibleForFree":["true", "false"]', "unknown"),
        ('"name":"x"', "unknown"),
    ],
)
def test_access_is_reported_and_nothing_is_cut(marks: str, access: str) -> None:
    found = reading_of(page(linked_data(f'{{"@type":"NewsArticle",{marks}}}')))
    assert found.access == access
    assert bool(found.access_evidence) == ("Free" in marks)
    assert len(found.body) == 4


def test_labels_come_with_their_source() -> None:
    head = linked_data(
        '{"@type":"NewsArticle","keywords":"ferry, islands","articleSection":["World","Sea"]}'
    )
    head += '<link rel="canonical" href="/world/ferry/"><meta name="description" content="Boats &amp; people">'
    found = reading_of(page(head))
    assert found.keywords == ("ferry", "islands")
    assert found.sections == ("Sea", "World")
    assert found.canonical_url == "https://news.example/world/ferry/"
    assert found.description == "Boats & people"
    assert found.in_language == "en-NZ"
    assert found.provenance["keywords"] == "json-ld:keywords"


@pytest.mark.parametrize(
    ("html", "reason"), [(page(above=""), "no headline"), (page(body=""), "no article text")]
)
def test_a_page_without_headline_or_text_is_unreadable(html: bytes, reason: str) -> None:
    with pytest.raises(UnreadablePage, match=reason):
        reading_of(html)
