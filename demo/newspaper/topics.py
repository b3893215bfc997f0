"""Templates of headlines and sentences, by what a story is about.

To add a subject, add a `Topic`. The words in braces are filled in by `prose.Writer`.
"""

from __future__ import annotations

from typing import NamedTuple


class Topic(NamedTuple):
    """A subject: its keyword, headlines with their opening sentences, and its own paragraphs."""

    keyword: str
    openings: tuple[tuple[str, str], ...]
    paragraphs: tuple[str, ...]


STORM = Topic(
    "Weather",
    (
        (
            "{city} storm leaves {n} dead as rescuers search flooded suburbs",
            (
                "Rescue crews in {city} worked through the night after a storm tore roofs from"
                " houses and left at least {n} people dead, officials said."
            ),
        ),
        (
            "‘The water came so fast’: {city} counts cost of worst flood in {n2} years",
            (
                "Families in {city} went back to muddy houses on {weekday} after the worst flood in"
                " {n2} years."
            ),
        ),
        (
            "Thousands told to leave homes as storm nears {city}",
            (
                "A storm that formed off the coast of {country} is expected to come ashore near"
                " {city} late on {weekday}, and thousands of people have been told to leave their"
                " homes."
            ),
        ),
        (
            "{country} floods: {n} missing after bridge is swept away",
            (
                "At least {n} people were missing in {country} on {weekday} after a river in flood"
                " carried off a bridge near {city}."
            ),
        ),
    ),
    (
        (
            "Rivers north of {city} rose more than {n2} metres in a day, the weather office said, and"
            " two dams were opened to keep them from failing."
        ),
        (
            "Helicopters lifted families from rooftops in the lower suburbs, where the current had"
            " carried cars across the football ground."
        ),
        (
            "“We lost the kitchen first, then the stairs,” said {witness}, who spent the night on a"
            " neighbour’s roof with two children and a dog."
        ),
        (
            "{expert}, {expertise}, said warmer seas had loaded the storm with rain long before it"
            " reached {country}."
        ),
        "Schools will stay closed until {weekday2}, and the airport is taking only relief flights.",
        "About {big} people slept in halls and churches, according to {org}.",
        (
            "Power was back in the centre of {city} by evening – but not in the hill towns, where"
            " {n} roads remained blocked."
        ),
    ),
)

ELECTION = Topic(
    "Politics",
    (
        (
            "{country} heads for run-off after neither side wins majority",
            (
                "Neither side won a majority in the election in {country} on {weekday}, early"
                " results showed, and voters will be called again within {n2} weeks."
            ),
        ),
        (
            "{official_last} claims narrow victory in {country} election",
            (
                "{official}, {role}, claimed victory on {weekday} in an election that has divided"
                " {country} more sharply than any in {n2} years."
            ),
        ),
        (
            "‘A country split in two’: what {country}’s vote means for its neighbours",
            (
                "Voters in {country} have turned away from the party that governed them for {n2}"
                " years, and governments from {city2} to {neighbour} are asking what comes next."
            ),
        ),
        (
            "{demonym} voters reject new constitution in blow to {official_last}",
            (
                "Voters in {country} have rejected a new constitution, a defeat for {official},"
                " {role}, who had staked {n2} years of work on it."
            ),
        ),
    ),
    (
        (
            "With {pct} per cent of the vote counted, the two largest parties were fewer than {big}"
            " ballots apart."
        ),
        "Turnout was {pct} per cent, the electoral commission said, the highest since {year}.",
        (
            "Observers from {org} described the count as “slow but orderly” and asked both camps to"
            " wait for the final figures."
        ),
        (
            "In the market square of {city}, supporters let off fireworks before the polls had closed"
            " in the west of the country."
        ),
        (
            "{official_last} promised to cut fuel taxes within {n2} days and to reopen talks with"
            " {neighbour} over water."
        ),
        "The opposition has until {weekday2} to ask for a recount in {n} districts.",
        (
            "“People were not voting for a programme,” said {expert}, {expertise}. “They were voting"
            " to be left alone.”"
        ),
    ),
)

TALKS = Topic(
    "Diplomacy",
    (
        (
            "{country} and {neighbour} agree to reopen border after {n2}-month closure",
            (
                "{country} and {neighbour} have agreed to reopen their shared border, ending a"
                " closure of {n2} months that cut off thousands of people from work and family."
            ),
        ),
        (
            "Ceasefire talks stall in {city} as envoys trade blame",
            (
                "Talks on a ceasefire stalled in {city} on {weekday} as envoys blamed each other"
                " for a list of prisoners that nobody would sign."
            ),
        ),
        (
            "Envoys race to save {city} deal before {weekday2} deadline",
            (
                "Negotiators from {country} and {neighbour} met again in {city} on {weekday}, with"
                " a deadline of {weekday2} before them and {n2} points still open."
            ),
        ),
        (
            "{country} recalls ambassador to {neighbour} over harbour dispute",
            (
                "{country} has called its ambassador home from {neighbour} in a dispute over who"
                " may dredge a harbour that both have used for {n} years."
            ),
        ),
    ),
    (
        (
            "The talks, the first in {n2} months, took place in a hotel on the edge of {city} with the"
            " delegations on separate floors."
        ),
        (
            "Three people briefed on the meeting said the two sides had exchanged maps, though not"
            " yet lists of prisoners."
        ),
        "{org} has offered to monitor the crossing points with {n} unarmed observers.",
        (
            "Trade between the neighbours fell by {pct} per cent last year, and freight that once took"
            " a day now goes round by sea."
        ),
        (
            "“We came to listen, and we have listened,” said {official}, {role}. “Now it is for the"
            " capitals to decide.”"
        ),
        (
            "A draft seen by diplomats speaks of “confidence-building steps”, among them the return of"
            " {n} fishing boats."
        ),
        (
            "{expert}, {expertise}, said the deadline mattered less than the fact that both sides had"
            " sent people with authority to sign."
        ),
    ),
)
