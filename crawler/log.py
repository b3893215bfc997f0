"""Log lines of the crawl's process: one JSON object a line on stderr, for whoever started it."""

import json
import logging
import sys

# Libraries that say at INFO what is our business to say, or nobody's.
_QUIET = ("scrapy", "twisted", "asyncio", "botocore", "boto3", "urllib3", "s3transfer")


class JsonLines(logging.Formatter):
    """Writes ``{"level", "logger", "event", …}``; ``extra={"fields": {…}}`` adds fields."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line."""
        line = {
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["exc"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def write_json_lines() -> None:
    """Send this process's log to stderr as JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    handler.addFilter(_is_ours_or_serious)
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    quiet_libraries()


def quiet_libraries() -> None:
    """Let libraries speak of what went wrong only. Scrapy sets its own level when it starts."""
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def _is_ours_or_serious(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING or record.name.split(".", 1)[0] not in _QUIET
