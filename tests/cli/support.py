"""The ``newsarchive`` command as a user runs it: a process of its own, settings from the environment."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from archive.settings import ArchiveSettings

COMMAND = Path(sys.executable).with_name("newsarchive")


class Result:
    """How a command ended."""

    def __init__(self, process: subprocess.CompletedProcess[str]) -> None:
        self.code = process.returncode
        self.out = process.stdout
        self.err = process.stderr

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]

    def is_one_clear_line(self, *words: str) -> bool:
        """Whether stderr is one line for people, with these words, and no traceback."""
        said = [line for line in self.err.splitlines() if line.strip()]
        return len(said) == 1 and "Traceback" not in self.err and all(w in said[0] for w in words)


def environment(settings: ArchiveSettings, **more: str) -> dict[str, str]:
    """The variables that hand settings to a process."""
    secret = settings.s3_secret_key
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("ARCHIVE_", "AIRFLOW"))}
    return {
        **kept,
        "ARCHIVE_HOME": str(settings.home),
        "ARCHIVE_S3_ENDPOINT": settings.s3_endpoint or "",
        "ARCHIVE_S3_ACCESS_KEY": settings.s3_access_key or "",
        "ARCHIVE_S3_SECRET_KEY": secret.get_secret_value() if secret else "",
        "ARCHIVE_BUCKET": settings.bucket,
        "ARCHIVE_DELAY_SECONDS": "0",
        **more,
    }
