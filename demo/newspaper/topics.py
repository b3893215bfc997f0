"""Templates of headlines and sentences, by what a story is about.

To add a subject, add a `Topic`. The words in braces are filled in by `prose.Writer`.
"""

from __future__ import annotations

from typing import NamedTuple


class Topic(NamedTuple):
    """A subject: its keyword, headlines, opening sentences and paragraphs of its own."""

    keyword: str
    headlines: tuple[str, ...]
    leads: tuple[str, ...]
    paragraphs: tuple[str, ...]


STORM = Topic(
    "Weather",
    (
        "{city} storm leaves {n} dead as rescuers search flooded suburbs",
        "‘The water came so fast’: {city} counts cost of worst flood in {n2} years",
        "Thousands told to leave homes as storm nears {city}",
        "{country} floods: {n} missing after bridge is swept away",
    ),
    (
        (
            "Rescue crews in {city} worked through the night after a storm tore roofs from houses and"
            " left at least {n} people dead, officials said."
        ),
        (
            "A storm that formed off the coast of {country} came ashore near {city} on {weekday},"
            " cutting power to {big} homes."
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
        "{country} heads for run-off after neither side wins majority",
        "{official_last} claims narrow victory in {country} election",
        "‘A country split in two’: what {country}’s vote means for its neighbours",
        "{demonym} voters reject new constitution in blow to {official_last}",
    ),
    (
        (
            "{official}, {role}, claimed victory on {weekday} in an election that has divided"
            " {country} more sharply than any in {n2} years."
        ),
        (
            "Voters in {country} have turned away from the party that governed them for {n2} years,"
            " early results from {city} showed."
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
        "{country} and {neighbour} agree to reopen border after {n2}-month closure",
        "Ceasefire talks stall in {city} as envoys trade blame",
        "Envoys race to save {city} deal before {weekday} deadline",
        "{country} recalls ambassador to {neighbour} over harbour dispute",
    ),
    (
        (
            "Negotiators from {country} and {neighbour} left {city} on {weekday} without a joint"
            " statement, but agreed to meet again within {n2} days."
        ),
        (
            "{country} and {neighbour} have agreed to reopen their shared border, ending a closure"
            " that cut off {big} people from work and family."
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

COURT = Topic(
    "Crime",
    (
        "Former {demonym} minister jailed for {n2} years over port contracts",
        "{city} trial: jury hears of ‘ledger hidden in piano’",
        "Three arrested after {city} gallery loses {n} paintings overnight",
        "{city} court frees woman after {n2} years in prison",
    ),
    (
        (
            "A court in {city} has sentenced a former minister to {n2} years in prison for taking"
            " bribes over the building of a container port."
        ),
        (
            "Police in {city} arrested three people on {weekday} over the theft of {n} paintings that"
            " vanished from a gallery in a single night."
        ),
    ),
    (
        (
            "Prosecutors told the court that payments of more than ${n} million had passed through"
            " companies registered in {neighbour}."
        ),
        (
            "The defence argued that the ledger at the centre of the case had been copied, altered and"
            " put back."
        ),
        (
            "“This verdict is about one person’s greed, and about everyone who looked away,” said"
            " {official}, {role}."
        ),
        "The judge read for {n2} hours; the accused looked at the floor throughout.",
        "Investigators were helped by {org}, which traced two accounts to a flat above a bakery.",
        (
            "An appeal can be lodged until {weekday2}. Lawyers for the family said they would decide"
            " “in days, not weeks”."
        ),
        (
            "{witness}, who had come to every hearing since {year}, said the sentence would not bring"
            " back the savings of {big} people."
        ),
    ),
)

HEALTH = Topic(
    "Health",
    (
        "{country} steps up screening as fever cases pass {big}",
        "New vaccine trial brings hope to {city} wards",
        "{city} hospital strike enters week {n2} as talks fail",
        "‘Nobody slept’: inside the {city} ward fighting an outbreak",
    ),
    (
        (
            "Health officials in {country} have widened screening at airports and ports after the"
            " number of fever cases passed {big}."
        ),
        (
            "Nurses at the largest hospital in {city} stayed away from work for another day on"
            " {weekday}, leaving {n} wards closed."
        ),
    ),
    (
        (
            "{org} said {n} of the cases had been confirmed by laboratories and that the rest were"
            " “under active review”."
        ),
        (
            "Doctors expect numbers to fall once the rains end, but warn that clinics outside {city}"
            " have medicine for only {n2} days."
        ),
        (
            "“The first thing people ask is whether they can go home,” said {witness}, a nurse who has"
            " worked double shifts since {weekday2}."
        ),
        "The trial, run with a university in {neighbour}, will follow {big} volunteers for a year.",
        (
            "{expert}, {expertise}, said the pattern was familiar: one busy market, one crowded bus"
            " station, then silence for a week."
        ),
        "The Government set aside ${n} million for overtime and said schools would stay open.",
        "Pharmacies in {city} have been told to limit sales to one packet a customer.",
    ),
)

SCIENCE = Topic(
    "Science",
    (
        "Scientists find {big}-year-old forest under lake near {city}",
        "Earthquake of magnitude 6.{n2} shakes {city}, no tsunami threat",
        "{demonym} probe sends first pictures from far side of Moon",
        "Whales return to {country} coast after {n2}-decade absence",
    ),
    (
        (
            "Researchers working near {city} have found the stumps of a forest that drowned long"
            " before anyone lived in what is now {country}."
        ),
        (
            "An earthquake shook buildings in {city} on {weekday}, sending people into the streets,"
            " but caused little damage, officials said."
        ),
    ),
    (
        (
            "The find was made by accident, when a survey boat from {neighbour} lost its anchor and"
            " sent a camera down to look for it."
        ),
        "“It was like flying over a city with the lights off,” said {expert}, {expertise}.",
        "Samples will be dated in {n2} laboratories so that no single result decides the question.",
        "The work was paid for by {org} and will be published next year.",
        "Sensors recorded {n} smaller shocks within an hour, most of them too weak to be felt.",
        "Fishing is to be banned within {n} kilometres of the site until the survey ends.",
        (
            "{witness}, who runs the ferry across the bay, said old people had always spoken of trees"
            " under the water."
        ),
    ),
)

WORLD_TOPICS = (STORM, ELECTION, TALKS, COURT, HEALTH, SCIENCE)
