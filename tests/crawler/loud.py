"""A crawl of which every log record of every library is written down, whatever its level: loud.py FILE ARGUMENTS."""

import logging
import sys
from pathlib import Path
from typing import Any


def main() -> int:
    """Crawl with these arguments, as ``crawler.run`` does."""
    with Path(sys.argv[1]).open("w", encoding="utf-8") as log:

        def written_down(*args: Any, **kwargs: Any) -> logging.LogRecord:
            record = logging.LogRecord(*args, **kwargs)
            print(record.levelname, record.name, record.getMessage(), record.args, file=log)
            return record

        logging.setLogRecordFactory(written_down)
        # Crawl and libraries set levels of their own when they start; here none of them counts.
        logging.Logger.setLevel = lambda self, _level: setattr(self, "level", logging.DEBUG)
        logging.getLogger().setLevel(logging.DEBUG)
        from crawler.run import main as crawl  # noqa: PLC0415 - logs while it is imported

        return crawl(sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
