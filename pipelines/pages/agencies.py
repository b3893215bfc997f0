"""News agencies, and newspapers whose copy others print, with the spellings met in bylines."""

AGENCIES: dict[str, tuple[str, ...]] = {
    "AP": (
        "ap",
        "associated press",
        "the associated press",
        "ap news",
        "associated press news",
    ),
    "AFP": (
        "afp",
        "agence france-presse",
        "agence france presse",
    ),
    "Reuters": (
        "reuters",
        "thomson reuters",
        "reuters news agency",
    ),
    "AAP": (
        "aap",
        "australian associated press",
    ),
    "ANI": (
        "ani",
        "asian news international",
    ),
    "BBC": (
        "bbc",
        "bbc news",
    ),
    "Bloomberg": (
        "bloomberg",
        "bloomberg news",
    ),
    "Canadian Press": (
        "the canadian press",
        "canadian press",
    ),
    "CNN": (
        "cnn",
        "cnn newsource",
        "cnn wire",
    ),
    "Daily Mail": (
        "daily mail",
        "dailymail.com",
    ),
    "Daily Telegraph UK": (
        "daily telegraph uk",
        "the daily telegraph",
        "telegraph group ltd",
        "the telegraph",
    ),
    "DPA": (
        "dpa",
        "deutsche presse-agentur",
    ),
    "EFE": (
        "efe",
        "agencia efe",
    ),
    "Financial Times": ("financial times",),
    "IANS": ("ians",),
    "Independent": (
        "the independent",
        "independent",
    ),
    "Kyodo": (
        "kyodo",
        "kyodo news",
    ),
    "NBC": ("nbc news",),
    "New York Times": (
        "new york times",
        "the new york times",
        "ny times",
    ),
    "news.com.au": ("news.com.au",),
    "NZME": ("nzme",),
    "Observer": ("observer",),
    "Open Justice": ("open justice",),
    "PA": (
        "pa",
        "pa media",
        "press association",
    ),
    "PTI": (
        "pti",
        "press trust of india",
    ),
    "RNZ": (
        "rnz",
        "radio new zealand",
    ),
    "TASS": ("tass",),
    "The Conversation": ("the conversation",),
    "The Economist": ("the economist",),
    "The Guardian": ("the guardian",),
    "The Times": (
        "the times",
        "the times of london",
        "the sunday times",
    ),
    "UPI": (
        "upi",
        "united press international",
    ),
    "Wall Street Journal": (
        "the wall street journal",
        "wall street journal",
    ),
    "Washington Post": (
        "washington post",
        "the washington post",
    ),
    "Xinhua": (
        "xinhua",
        "xinhua news agency",
    ),
}
"""Spellings in lower case, by the usual name."""
