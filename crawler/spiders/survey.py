"""The spider of a survey: looks at how a site answers, and archives nothing."""

from crawler.spiders.planned import PlannedSpider


class SurveySpider(PlannedSpider):
    """Asks for one of each kind of address; what it finds stands in the context."""

    name = "survey"

    async def work(self) -> None:
        """Ask, until all is known or the requests are spent."""
