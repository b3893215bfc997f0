"""The names that invented stories are made of.

Places are real so that a named-entity recogniser has something to find. People are invented:
first and last names are paired at random.
"""

from __future__ import annotations

from typing import NamedTuple


class Place(NamedTuple):
    """A city with what is said about it, and the World sub-section it belongs to."""

    city: str
    country: str
    demonym: str
    region: str


PLACES = (
    Place("Sydney", "Australia", "Australian", "australia"),
    Place("Perth", "Australia", "Australian", "australia"),
    Place("Hobart", "Australia", "Australian", "australia"),
    Place("Tokyo", "Japan", "Japanese", "asia"),
    Place("Osaka", "Japan", "Japanese", "asia"),
    Place("Jakarta", "Indonesia", "Indonesian", "asia"),
    Place("Manila", "the Philippines", "Philippine", "asia"),
    Place("Hanoi", "Vietnam", "Vietnamese", "asia"),
    Place("Seoul", "South Korea", "South Korean", "asia"),
    Place("Mumbai", "India", "Indian", "asia"),
    Place("London", "Britain", "British", "uk"),
    Place("Glasgow", "Scotland", "Scottish", "uk"),
    Place("Cardiff", "Wales", "Welsh", "uk"),
    Place("Chicago", "the United States", "American", "united-states"),
    Place("Seattle", "the United States", "American", "united-states"),
    Place("New Orleans", "the United States", "American", "united-states"),
    Place("Amman", "Jordan", "Jordanian", "middle-east"),
    Place("Muscat", "Oman", "Omani", "middle-east"),
    Place("Istanbul", "Turkey", "Turkish", "middle-east"),
    Place("Lisbon", "Portugal", "Portuguese", "europe"),
    Place("Kraków", "Poland", "Polish", "europe"),
    Place("Málaga", "Spain", "Spanish", "europe"),
    Place("Oslo", "Norway", "Norwegian", "europe"),
    Place("Zürich", "Switzerland", "Swiss", "europe"),
    Place("Suva", "Fiji", "Fijian", "pacific"),
    Place("Apia", "Samoa", "Samoan", "pacific"),
    Place("Nukuʻalofa", "Tonga", "Tongan", "pacific"),  # noqa: RUF001 - its own letter
    Place("Honiara", "Solomon Islands", "Solomon Islands", "pacific"),
)

HOME_PLACES = (
    Place("Auckland", "New Zealand", "New Zealand", "nz"),
    Place("Wellington", "New Zealand", "New Zealand", "nz"),
    Place("Christchurch", "New Zealand", "New Zealand", "nz"),
    Place("Taupō", "New Zealand", "New Zealand", "nz"),
    Place("Whangārei", "New Zealand", "New Zealand", "nz"),
    Place("Kaikōura", "New Zealand", "New Zealand", "nz"),
    Place("Dunedin", "New Zealand", "New Zealand", "nz"),
)

FIRST_NAMES = (
    "Aroha", "Tāne", "Mereana", "Hēmi", "Ingrid", "Mateus", "Priya", "Kenji", "Oluwaseun",
    "Beatriz", "Callum", "Saoirse", "Tevita", "Sina", "Yusuf", "Leïla", "Piotr", "Maëlle",
    "Dong-hyun", "Rosalind", "Gideon", "Anneliese", "Farid", "Marisol", "Viliami", "Thandiwe",
    "Edmund", "Harriet", "Lars", "Noor",
)  # fmt: skip

LAST_NAMES = (
    "Paraone-Reid", "Te Whatarangi", "Halvorsen", "Quintanilha", "Raghunathan", "Moritani",
    "Adeyinka", "Vasconcelos", "MacAlpine", "Ó Duibhir", "Fakatulolo", "Leausa", "Demirkanlı",  # noqa: RUF001 - its own letter
    "Benchérif", "Wojtaszek", "Lindqvist-Hale", "Baek-Rhee", "Thistlewood", "Okonkwo-Bell",
    "Brandtner", "Al-Rawahi", "Echeverría", "Taumoefolau", "Nkosana", "Pemberley", "Ashgrove",
    "Sørbye", "Hadidi", "Kowhairoa", "Marchetti-Lowe",
)  # fmt: skip

ORGANISATIONS = (
    "the United Nations", "the World Health Organisation", "the European Union", "Interpol",
    "the International Monetary Fund", "the Red Cross", "Amnesty International", "Unicef",
    "the World Bank", "the Commonwealth Secretariat", "Greenpeace", "Oxfam",
    "the International Olympic Committee", "the Asian Development Bank",
)  # fmt: skip

COMPANIES = (
    "Southern Loop Freight", "Harbourlight Energy", "Kōwhai Robotics", "Tidewater Re",
    "Nordlys Shipping", "Meridian Lantern Bank", "Pukeko Foods", "Redgum Airlines",
)  # fmt: skip

ROLES = (
    "the Foreign Minister", "the deputy mayor", "a government spokeswoman", "the Interior Minister",
    "the police commissioner", "a provincial governor", "the chief prosecutor",
    "the Health Minister", "the head of civil defence", "the Transport Minister",
)  # fmt: skip

EXPERTISE = (
    "a political scientist", "a seismologist", "a maritime lawyer", "an epidemiologist",
    "a former diplomat", "a climate researcher", "an economist", "a historian",
    "a security analyst", "a professor of public law",
)  # fmt: skip

DESKS = (
    "World correspondent", "Senior reporter", "Europe correspondent", "Pacific editor",
    "Business editor", "Multimedia journalist", "Political reporter",
)  # fmt: skip

SUBSECTIONS = {
    "australia": "Australia",
    "asia": "Asia",
    "uk": "UK",
    "united-states": "United States",
    "middle-east": "Middle East",
    "europe": "Europe",
    "pacific": "Pacific",
}
"""The sub-sections of World in the order of the menu."""
