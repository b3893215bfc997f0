"""What a survey makes of a site's answers. Pure: replies in, findings out."""

SURVEY_REQUESTS = 20
"""Most requests of a survey, tries and redirects included: the first contact must be one that nobody
minds, a person's visit of a few minutes, whatever the site answers."""
