"""Clients of S3-compatible stores, made with the same settings everywhere."""

import functools
import os
import threading
from typing import TYPE_CHECKING

import boto3
import botocore.session
from botocore.config import Config

from archive.errors import ConfigurationError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

REGION = "us-east-1"
"""Region of stores that have none, and the one that S3 never wants to be named."""

_session_lock = threading.Lock()


@functools.cache
def _session() -> boto3.session.Session:
    """Return the session all clients share; it reads megabytes of definitions, but no AWS files."""
    nothing = (None, None, os.devnull, None)
    variables = {"config_file": nothing, "credentials_file": nothing, "profile": (None,) * 4}
    return boto3.session.Session(botocore_session=botocore.session.Session(variables))


def connect(
    endpoint: str, *, access_key: str, secret_key: str, region: str, attempts: int
) -> "S3Client":
    """Return a client that asks ``attempts`` times, waiting a little longer each time, with jitter.

    Raises :class:`ConfigurationError` for an address or a region that is none.
    """
    config = Config(
        signature_version="s3v4",
        s3={"addressing_style": "path"},
        retries={"mode": "standard", "total_max_attempts": attempts},
        connect_timeout=5,
        read_timeout=60,
        max_pool_connections=32,
    )
    try:
        with _session_lock:  # Making clients is not for several threads.
            return _session().client(
                "s3",
                endpoint_url=endpoint,
                aws_access_key_id=access_key,
                aws_secret_access_key=secret_key,
                region_name=region,
                config=config,
            )
    except ValueError as error:
        message = f"ARCHIVE_S3_ENDPOINT or ARCHIVE_S3_REGION is no address or name: {error}"
        raise ConfigurationError(message) from error
