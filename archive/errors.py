"""Every error we raise. The class says what to do next.

    ArchiveError
    ├── RetryableError            the same call may succeed later: let it fly, Airflow tries again
    │   ├── StoreUnavailable      the object store does not answer
    │   ├── CatalogueUnavailable  the catalogue does not answer, or is locked
    │   ├── PublisherUnreachable  the publisher does not answer
    │   ├── RunUnderWay           a run is at work on what has to be still
    │   └── DiskFull              no room for the spool, the catalogue or the embedded store
    ├── PermanentError            the same input fails again: set it aside with the reason, go on
    │   ├── UnreadablePage        a page from which no article can be read
    │   ├── NotAnArticle          a page that is no article (video, gallery, soft 404)
    │   └── BrokenRecord          a stored record or WARC member that can't be decoded
    ├── RefusedError              we may not go on: exit code 4
    │   ├── StoreRefused          the store lies about create-once, or turns our credentials down
    │   ├── CrawlRefused          robots.txt forbids or can't be had; 401, 403, 451, a challenge
    │   └── CrawlHalted           the operator halted all crawls
    ├── ConfigurationError        a setting or argument is missing or wrong: exit code 2
    └── FailedError               the work failed: exit code 1
        ├── KeyConflict           a key is taken by other content
        ├── PortTaken             a port we were told to use is in use
        ├── RunNotWell            the books balance, but too little was listed, read or held
        └── BooksDoNotBalance     a run whose outcomes do not add up to what was listed

Every constructor hands all its arguments to ``super().__init__``: errors travel between processes.
"""

STOPPED = 3
"""Exit code of work that a signal ended early, cleanly: nobody's error."""


class ArchiveError(Exception):
    """Whatever this project raises on purpose."""

    exit_code = 1
    """What the command line ends with when this error reaches it."""


class RetryableError(ArchiveError):
    """The same call may succeed later."""


class PermanentError(ArchiveError):
    """The same input will fail again."""


class RefusedError(ArchiveError):
    """Somebody said no, and going on would be wrong."""

    exit_code = 4


class FailedError(ArchiveError):
    """The work failed, and a person has to look."""


class ConfigurationError(ArchiveError):
    """A setting or an argument is missing or wrong; the text says which and what to set."""

    exit_code = 2


class _About(ArchiveError):
    """An error about one thing, with the reason in words."""

    pattern = "{about}: {reason}"

    def __init__(self, about: str, reason: str) -> None:
        super().__init__(about, reason)
        self.about = about
        self.reason = reason

    def __str__(self) -> str:
        return self.pattern.format(about=self.about, reason=self.reason)


class StoreUnavailable(_About, RetryableError):
    """The object store does not answer, or answers with an error that may pass."""

    pattern = (
        "object store unavailable ({about}: {reason}). Check ARCHIVE_S3_ENDPOINT, then try again."
    )


class CatalogueUnavailable(_About, RetryableError):
    """The catalogue does not answer."""

    pattern = "catalogue unavailable ({about}: {reason}). Check ARCHIVE_CATALOGUE_URL."


class PublisherUnreachable(_About, RetryableError):
    """The publisher does not answer at all."""

    pattern = "cannot reach {about} ({reason}). Check ARCHIVE_PUBLISHER_ORIGIN and the network."


class RunUnderWay(_About, RetryableError):
    """A run is at work, and what is asked for has to wait for its books."""

    pattern = "{about} is under way: {reason}"


class DiskFull(_About, RetryableError):
    """There is no room left where we write."""

    pattern = "no room left on the disk at {about} ({reason}). Free some space, then run it again."


class UnreadablePage(_About, PermanentError):
    """A page from which no article can be read."""


class NotAnArticle(_About, PermanentError):
    """A page that is something else than an article; the reason says what, such as ``video``.

    ``evidence`` holds the marks that say so.
    """

    def __init__(self, about: str, reason: str, evidence: tuple[str, ...] = ()) -> None:
        super().__init__(about, reason)
        self.args = (about, reason, evidence)
        self.evidence = evidence

    def __str__(self) -> str:
        marks = f" ({', '.join(self.evidence)})" if self.evidence else ""
        return super().__str__() + marks


class BrokenRecord(_About, PermanentError):
    """A stored record that can't be decoded."""


class StoreRefused(_About, RefusedError):
    """The store does not do what create-once needs, or refuses our credentials."""

    pattern = "the object store at {about} was refused: {reason}"


class CrawlRefused(_About, RefusedError):
    """The publisher does not want the crawl; we stop and never try a way around."""

    pattern = "the crawl was refused by {about}: {reason}"


class CrawlHalted(_About, RefusedError):
    """The operator halted all crawls of a publisher."""

    pattern = "all crawls of {about} are halted ({reason}); `newsarchive resume` opens it again"


class KeyConflict(_About, FailedError):
    """A key is already taken by other content than ours."""

    pattern = "object {about} already holds other content: {reason}"


class PortTaken(_About, FailedError):
    """Another program listens on a port that we were told to use."""

    pattern = "port {about} is taken: {reason}"


class RunNotWell(_About, FailedError):
    """The books of a run balance, and still it looks wrong: too little listed, read or held."""

    pattern = "run {about} is not well: {reason}"


class BooksDoNotBalance(_About, FailedError):
    """What became of the listed articles does not add up to what was listed."""

    pattern = "the books of run {about} do not balance: {reason}"
