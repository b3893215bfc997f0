"""The types that cross a stage border: frozen, keyword only, explained field by field."""

from archive.records.annotation import Annotation, EnrichReport, Mention
from archive.records.article import Access, Article, ArticleContent, Capture
from archive.records.coverage import Alarm, DayCoverage, DayFields, Gap
from archive.records.crawl import (
    AnnouncementRead,
    Asked,
    CrawlLine,
    CrawlPlan,
    CrawlState,
    CrawlSummary,
    Listing,
    Purpose,
    SurveyFinding,
)
from archive.records.lease import Closure, ClosureKind, Lease, RobotsCopy
from archive.records.parts import (
    AuthorDetails,
    Block,
    BlockKind,
    DateCandidate,
    Image,
    WarcPointer,
)
from archive.records.reading import ReadAgain, RederiveReport
from archive.records.runs import (
    LedgerLine,
    Outcome,
    OutcomeKind,
    Quarantined,
    RunBooks,
    RunReport,
    Seen,
)

__all__ = [
    "Access",
    "Alarm",
    "Annotation",
    "AnnouncementRead",
    "Article",
    "ArticleContent",
    "Asked",
    "AuthorDetails",
    "Block",
    "BlockKind",
    "Capture",
    "Closure",
    "ClosureKind",
    "CrawlLine",
    "CrawlPlan",
    "CrawlState",
    "CrawlSummary",
    "DateCandidate",
    "DayCoverage",
    "DayFields",
    "EnrichReport",
    "Gap",
    "Image",
    "Lease",
    "LedgerLine",
    "Listing",
    "Mention",
    "Outcome",
    "OutcomeKind",
    "Purpose",
    "Quarantined",
    "ReadAgain",
    "RederiveReport",
    "RobotsCopy",
    "RunBooks",
    "RunReport",
    "Seen",
    "SurveyFinding",
    "WarcPointer",
]
