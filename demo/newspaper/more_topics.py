"""More templates for World: courts, hospitals and what is found under lakes."""

from __future__ import annotations

from demo.newspaper.topics import ELECTION, STORM, TALKS, Topic

COURT = Topic(
    "Crime",
    (
        (
            "Former {demonym} minister jailed for {n2} years over port contracts",
            (
                "A court in {city} has sentenced a former minister to {n2} years in prison for"
                " taking bribes over the building of a container port."
            ),
        ),
        (
            "{city} trial: jury hears of ‘ledger hidden in piano’",
            (
                "A ledger that police found in a piano shows {n} payments to officials, a jury in"
                " {city} heard on {weekday}."
            ),
        ),
        (
            "Three arrested after {city} gallery loses {n} paintings overnight",
            (
                "Police in {city} arrested three people on {weekday} over the theft of {n}"
                " paintings that vanished from a gallery in a single night."
            ),
        ),
        (
            "{city} court frees woman after {n2} years in prison",
            (
                "A woman who spent {n2} years in prison for a fraud she did not commit walked out"
                " of a court in {city} on {weekday}."
            ),
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
        (
            "{country} steps up screening as fever cases pass {big}",
            (
                "Health officials in {country} have widened screening at airports and ports after"
                " the number of fever cases passed {big}."
            ),
        ),
        (
            "New vaccine trial brings hope to {city} wards",
            (
                "A vaccine that could end {n2} years of outbreaks is to be tried on volunteers in"
                " {city}, doctors said on {weekday}."
            ),
        ),
        (
            "{city} hospital strike enters week {n2} as talks fail",
            (
                "Nurses at the largest hospital in {city} stayed away from work for week {n2} of a"
                " strike on {weekday}, leaving {n} wards closed."
            ),
        ),
        (
            "‘Nobody slept’: inside the {city} ward fighting an outbreak",
            (
                "On the third floor of a hospital in {city}, {n} beds stand where there should be"
                " {n2}, and the lights have not been off since {weekday2}."
            ),
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
        (
            "Scientists find {big}-year-old forest under lake near {city}",
            (
                "Researchers working near {city} have found the stumps of a forest that drowned"
                " {big} years ago, long before anyone lived in what is now {country}."
            ),
        ),
        (
            "Earthquake of magnitude 6.{n2} shakes {city}, no tsunami threat",
            (
                "An earthquake of magnitude 6.{n2} shook buildings in {city} on {weekday}, sending"
                " people into the streets, but caused little damage, officials said."
            ),
        ),
        (
            "{demonym} probe sends first pictures from far side of Moon",
            (
                "A probe that left {country} {n2} months ago has sent its first pictures from the"
                " far side of the Moon, engineers in {city} said on {weekday}."
            ),
        ),
        (
            "Whales return to {country} coast after {n2}-decade absence",
            (
                "Whales have been seen off {city} for the first time in {n2} decades, researchers"
                " in {country} said on {weekday}."
            ),
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
