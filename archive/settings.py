"""Every setting, read once from ``ARCHIVE_*``; nobody else reads the environment."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from archive.errors import ConfigurationError
from archive.intervals import DEFAULT, parse_intervals
from archive.trusted_keys import parse_trusted_keys

LIVE_ORIGIN = "https://www.nzherald.co.nz"
"""The real site. A crawl of it needs a contact address and the operator's word."""


class ArchiveSettings(BaseSettings):
    """Where everything is and how gently to ask; each field is the variable ``ARCHIVE_<FIELD>``."""

    model_config = SettingsConfigDict(env_prefix="ARCHIVE_", frozen=True, extra="ignore")

    home: Path = Field(default=Path("var"), validate_default=True)
    """Folder of the run-time files: embedded store, catalogue, spool, logs."""

    publisher: str = "nzherald"
    """Name of the publisher that is archived, a module of ``publishers/``."""

    publisher_origin: str = LIVE_ORIGIN
    """Scheme and host of the site. A loopback address is the made-up newspaper and needs no permit."""

    contact: str | None = None
    """Mail or web address put into the agent name, so that the publisher can reach the operator. A live
    crawl refuses to start without it."""

    permitted: Literal["yes", "no"] = "no"
    """``yes`` is the operator's word that the crawl of the live site is permitted."""

    delay_seconds: float = Field(default=5.0, ge=0)
    """Least time between two requests to the publisher, over all runs."""

    request_budget: int = Field(default=500, ge=1)
    """Most requests that one run may make; what is left over stays pending and is not an error."""

    byte_budget: int = Field(default=1_000_000_000, ge=1)
    """Most bytes of bodies that one run may receive; what is left over stays pending."""

    warc_bytes: int = Field(default=1_000_000_000, ge=1)
    """Size at which a run's WARC file is closed and brought into the bucket, and the next one is begun; so is
    one at midnight, UTC."""

    coverage_floor: float = Field(default=0.5, ge=0, le=1)
    """Least share of the articles a run asked for that it must hold in the end; below it the run is red."""

    listing_days: int = Field(default=7, ge=2)
    """How many days back a run on an empty archive reads the daily sitemaps, in UTC days."""

    revisit_intervals: str = DEFAULT
    """How long to wait between two looks at an article, by the time since it was published or last changed:
    ``6h:30m`` is every half hour while younger than six hours; the last is for all that are older."""

    s3_endpoint: str | None = None
    """Address of an S3-compatible object store. None starts the embedded store on loopback."""

    s3_access_key: str | None = None
    """Access key of the object store; not used by the embedded store, which makes its own."""

    s3_secret_key: SecretStr | None = None
    """Secret key of the object store."""

    s3_region: str = "us-east-1"
    """Region name sent with each request; most self-hosted stores ignore it."""

    bucket: str = "newsarchive"
    """Bucket that holds everything. It is made when it does not exist."""

    catalogue_url: str | None = None
    """SQLAlchemy address of the catalogue. None is ``catalogue.db`` (SQLite) in the home."""

    page_timeout_seconds: float = Field(default=30.0, gt=0)
    """Most time that reading one page may take before it is set aside."""

    annotators: str = "names"
    """Annotators that enrichment runs, comma-separated."""

    audit_days: int = Field(default=30, ge=1)
    """In how many days the audit reads every stored object again: one share of this many a night."""

    replica_endpoint: str | None = None
    """Address of the object store with a copy of the bucket, from which the audit repairs. None repairs
    nothing. Whoever copies there must never delete there."""

    replica_access_key: str | None = None
    """Access key of the replica's object store."""

    replica_secret_key: SecretStr | None = None
    """Secret key of the replica's object store."""

    replica_region: str = "us-east-1"
    """Region name of the replica's object store."""

    replica_bucket: str | None = None
    """Bucket with the copy. None is the same name as ``ARCHIVE_BUCKET``."""

    signing_key: Path | None = None
    """PEM file of the Ed25519 key that signs the manifest of each day. None signs nothing."""

    former_signing_keys: str = ""
    """Public keys that days were signed with before, each with the last UTC day it was used for:
    ``3f9a…:2026-11-29``, several by commas."""

    timestamp_url: str | None = None
    """Address of a timestamping authority (RFC 3161) that vouches for each day's manifest, of which it is
    sent the SHA-256. None asks nobody."""

    timestamp_roots: Path | None = None
    """PEM file of the certificates that ``newsarchive verify`` trusts for timestamps. None looks only at
    what a timestamp is of, and not at who gave it."""

    pywb: Path | None = None
    """Folder of the Python environment that has pywb, for ``newsarchive replay``. None is ``.venv-pywb`` beside
    the environment that runs, where ``make pywb`` puts it."""

    @field_validator("revisit_intervals", "former_signing_keys")
    @classmethod
    def _readable(cls, text: str, info: ValidationInfo) -> str:
        parse = parse_intervals if info.field_name == "revisit_intervals" else parse_trusted_keys
        try:
            parse(text)
        except ConfigurationError as error:
            # Pydantic tells the setting's name and passes on what a ValueError says.
            raise ValueError(str(error)) from error
        return text

    @field_validator("home")
    @classmethod
    def _absolute(cls, home: Path) -> Path:
        # Processes that are started from elsewhere must mean the same folder.
        return home.absolute()

    @property
    def is_live(self) -> bool:
        """Whether a crawl would touch a real site, not one on loopback."""
        host = self.publisher_origin.split("//", 1)[-1].split("/", 1)[0].rsplit(":", 1)[0]
        return host not in {"127.0.0.1", "localhost", "[::1]"}

    @property
    def catalogue(self) -> str:
        """SQLAlchemy address of the catalogue that is used."""
        return self.catalogue_url or f"sqlite:///{self.home / 'catalogue.db'}"

    def require_permission(self) -> None:
        """Raise :class:`ConfigurationError` when a live crawl lacks its contact or its permit."""
        if not self.is_live:
            return
        if not self.contact:
            message = (
                "no contact address: set ARCHIVE_CONTACT to a mail or web address under which "
                f"{self.publisher_origin} can reach you (or try the made-up newspaper: make demo)"
            )
            raise ConfigurationError(message)
        if self.permitted != "yes":
            message = (
                f"crawling {self.publisher_origin} needs its permission: read docs/operations.md, "
                "then set ARCHIVE_PERMITTED=yes"
            )
            raise ConfigurationError(message)


def read_settings() -> ArchiveSettings:
    """Return the settings of this process; raises :class:`ConfigurationError` naming a wrong one."""
    try:
        return ArchiveSettings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "ARCHIVE_" + "_".join(str(part) for part in first["loc"]).upper()
        message = f"{name}: {first['msg']} (see docs/settings.md)"
        raise ConfigurationError(message) from error
