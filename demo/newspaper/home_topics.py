"""Templates for the sections other than World, and sentences that fit any story."""

from __future__ import annotations

from demo.newspaper.more_topics import COURT, HEALTH
from demo.newspaper.topics import STORM, Topic

MARKETS = Topic(
    "Companies",
    (
        (
            "{company} profit rises {pct} per cent as costs ease",
            (
                "{company} has reported a rise in profit of {pct} per cent, helped by lower fuel"
                " costs and a strong summer in {city}."
            ),
        ),
        (
            "{company} to close {city} depot, {n} jobs at risk",
            (
                "{company} told its staff in {city} on {weekday} that {n} jobs may go by the end of"
                " {month}."
            ),
        ),
        (
            "{company} bids ${n} million for rival",
            (
                "{company} has offered ${n} million for a rival in {city}, a deal that would make"
                " it the largest of its kind in the country."
            ),
        ),
        (
            "Shares in {company} slide after {city} outage",
            (
                "Shares in {company} fell on {weekday} after its systems in {city} were down for"
                " {n2} hours."
            ),
        ),
    ),
    (
        "Revenue came to ${n} million for the half-year, with the dividend held at {n2} cents.",
        "Chair {official} said the board had “no appetite for adventures”.",
        "The shares fell {n2} per cent on the NZX before recovering in the afternoon.",
        "{expert}, {expertise}, said freight rates explained most of the result.",
        "{company} employs about {big} people, half of them outside {city}.",
        "The Commerce Commission has until {month} to say whether it will look at the deal.",
    ),
)

MATCH = Topic(
    "Sport",
    (
        (
            "Late try sinks visitors in {city} thriller",
            (
                "A try in the last minute gave the hosts a win by {n2} points in {city} on"
                " {weekday}."
            ),
        ),
        (
            "{official_last} named captain for {country} tour",
            (
                "{official} will lead the side on its tour next month, the selectors said in {city}"
                " on {weekday}."
            ),
        ),
        (
            "{city} final: how the hosts held on by {n2} points",
            (
                "The hosts held on to win the final by {n2} points in {city} on {weekday}, after a"
                " second half they spent mostly without the ball."
            ),
        ),
        (
            "Injury rules {witness_last} out of {city} test",
            (
                "{witness} will miss the test in {city} after {n2} weeks of hoping otherwise, the"
                " team said on {weekday}."
            ),
        ),
    ),
    (
        "The visitors led by {n2} points at the break and had most of the ball until the rain came.",
        "“We kept saying one more phase, one more phase,” coach {expert} said.",
        "A crowd of {big} stayed to the end, many of them under plastic bags.",
        (
            "{witness} left the field after {n} minutes with a knee injury and will be scanned on"
            " {weekday2}."
        ),
        "The teams meet again in {neighbour} in {month}.",
        "It was the first win at the ground since {year}.",
    ),
)

STAGE = Topic(
    "Culture",
    (
        (
            "Review: {city} festival opens with a whisper and a bang",
            (
                "The festival in {city} opened on {weekday} with a play that has {n2} actors and"
                " not one spoken line."
            ),
        ),
        (
            "{official_last} on fame, failure and {n2} years of silence",
            ("{official} has not given an interview in {n2} years, and arrives {n} minutes early."),
        ),
        (
            "Where to eat, swim and sleep in {city}",
            (
                "There are {n} ways to spend a weekend in {city}, and most of them begin with"
                " coffee."
            ),
        ),
        (
            "The {city} film everyone walked out of – and came back to",
            (
                "A film shot in {city} over {n2} winters emptied the hall on its first night and"
                " filled it on the second."
            ),
        ),
    ),
    (
        "Tickets for the second night went in {n} minutes, the organisers said.",
        "“I wanted the audience to hear the building,” said director {expert}.",
        "The set, a staircase that leads nowhere, was built in a shed outside {city}.",
        "There are {n} beds, {n2} baths and a view that the brochure does not exaggerate.",
        "Flights from {neighbour} resume in {month}.",
        "By the interval the rain had found the roof – and the cast had found its stride.",
    ),
)

HOME_TOPICS = {
    "nz": (COURT, HEALTH, STORM),
    "business": (MARKETS,),
    "sport": (MATCH,),
    "entertainment": (STAGE,),
    "travel": (STAGE,),
    "video": (STORM, MATCH),
    "sponsored-stories": (MARKETS, STAGE),
}

ANY_PARAGRAPHS = (
    "{official}, {role}, said the next {n2} days would be decisive.",
    "“Nobody in {city} expected to be talking about this today,” {official_last} told reporters.",
    "{expert}, {expertise} who has worked in {country} since {year}, urged caution.",
    "A spokesman for {org} said it was “following events closely” and had people in {city}.",
    "In {neighbour}, newspapers gave the news their front pages on {weekday}.",
    "The authorities have opened a telephone line for families, which took {big} calls in a day.",
    (
        "New Zealand’s Ministry of Foreign Affairs said it knew of {n} New Zealanders in {neighbour},"
        " all of them safe."
    ),
    "“You learn who your neighbours are,” said {witness}, {age}, a shopkeeper in {city}.",
    "It was not clear on {weekday} night who would pay, or when.",
    "The figures could not be checked independently.",
    "Officials put the cost at ${n} million, a number {expert_last} called “a first guess”.",
    "The last time {city} saw anything like it was in {year}, when the old harbour was closed.",
    "{org} is to discuss the matter in {city2} next {weekday2}.",
    "By late afternoon the streets round the station were quiet; a few shops had opened.",
    "“We have been promised answers for {n2} years,” said {witness_last}. “Promises are cheap.”",
    "An inquiry led by {expert} will report by {month}.",
    "Messages of support came from {city2} and from as far away as Tāmaki Makaurau.",
    "The decision affects about {big} households – most of them renters, according to {org}.",
    "Traffic on the road between {city} and the coast was moving again by {weekday2}.",
    "{official_last} did not take questions, and left by a side door.",
    "Analysts in {city2} said markets had “looked through” the news; the currency barely moved.",
    "A second report, due in {month}, will look at what was known and by whom.",
)

HEADINGS = (
    "What happens next", "‘We were not told’", "A long road back", "Who is affected",
    "Questions for the Government", "The view from {city2}", "How it began", "Counting the cost",
)  # fmt: skip

STANDFIRSTS = (
    "{official_last} faces questions as {city} waits for answers – and {neighbour} looks on.",
    "The news from {country} on {weekday} has consequences well beyond {city}.",
    "What began in {city} is now a matter for {org}.",
    "{expert}, {expertise}, explains what it means for {country}.",
)

QUOTES = (
    "“If you had asked me a week ago, I would have said it could not happen here.”",
    "“There is a difference between being patient and being ignored.”",
    "“We will rebuild, but we will not forget who came to help.”",
    "“The numbers are not the story. The people are the story.”",
)

BULLETS = (
    "{n} people have been moved to temporary housing in {city}",
    "The road to {city2} reopens on {weekday2}",
    "{org} has sent {n2} advisers",
    "Losses are put at ${n} million",
    "The next briefing is due at {n2}pm",
    "{country} has asked {neighbour} for help",
)

CAPTIONS = (
    "People cross the main square of {city} on {weekday}.",
    "{official}, {role}, arrives for talks in {city}.",
    "A view over the harbour at {city}, {country}.",
    "{witness} outside the family’s shop in {city}.",
    "Crews at work on the edge of {city} early on {weekday}.",
    "{expert} at a conference in {city2} in {year}.",
)

UPDATES = (
    "Road closed\nPolice have closed the road between {city} and the coast until further notice.",
    "Power returns\nPower is back for about {big} homes in the north of {city}, {org} says.",
    (
        "Minister to speak\n{official}, {role}, will speak to reporters at the town hall within the"
        " hour."
    ),
    "Flights resume\nThe airport at {city} has let the first of {n} delayed flights leave.",
    "What we know\nAt least {n} people have asked for help, and {n2} centres are open in {city}.",
    "‘Stay away’\n“Please keep clear of the waterfront,” {official_last} said a moment ago.",
    "From the scene\n{witness}, who lives nearby, says the street is “quiet, too quiet”.",
)
