"""What is made of a reading whichever reader made it, so that it is done in one place."""

from attrs import evolve

from pipelines.pages import corrections, dates
from pipelines.pages.bylines import agency_name
from pipelines.pages.reading import PageReading
from pipelines.pages.structured import Structured


def remarked(reading: PageReading, data: Structured) -> PageReading:
    """Return a reading with the agency's usual name, the notes of changes, and dates that contradict.

    Of an agency that is not known the page's own spelling stays.
    """
    shown, hidden = corrections.notes(reading.body), corrections.stated(data)
    notes = corrections.joined(shown, hidden)
    found = {
        "corrections": ["body"] * bool(shown) + ["json-ld:correction"] * (notes != shown),
        "date_conflicts": ["dates"] * bool(conflicts := dates.conflicts(reading.dates)),
    }
    sources = {name: " + ".join(places) for name, places in found.items() if places}
    return evolve(
        reading,
        agency=agency_name(reading.agency or "") or reading.agency,
        corrections=notes,
        date_conflicts=conflicts,
        provenance=reading.provenance | sources,
    )
