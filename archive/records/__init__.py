"""The types that cross a stage border: frozen, keyword only, explained field by field."""

from archive.records.annotation import Annotation, EnrichReport, Mention
from archive.records.article import (
    Access,
    Article,
    ArticleContent,
    Block,
    BlockKind,
    Capture,
    DateCandidate,
    Image,
    WarcPointer,
)
from archive.records.coverage import Alarm, DayCoverage, Gap
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
    "Block",
    "BlockKind",
    "Capture",
    "CrawlLine",
    "CrawlPlan",
    "CrawlState",
    "CrawlSummary",
    "DateCandidate",
    "DayCoverage",
    "EnrichReport",
    "Gap",
    "Image",
    "LedgerLine",
    "Listing",
    "Mention",
    "Outcome",
    "OutcomeKind",
    "Purpose",
    "Quarantined",
    "RunBooks",
    "RunReport",
    "Seen",
    "SurveyFinding",
    "WarcPointer",
]
