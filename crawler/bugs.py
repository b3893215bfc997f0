"""What our own code can't cope with costs the one address it is about, and is told aloud."""

import logging

logger = logging.getLogger(__name__)

ODD = (ValueError, OverflowError)
"""What odd data makes of code that did not expect it. Any other error of no class of ours ends the run."""


def note_bug(about: str, error: Exception) -> str:
    """Log an unexpected error over one address with its traceback; returns the reason for the books."""
    # A warning: an error line would be taken for the end of the crawl.
    logger.warning("our own code broke down over %s: %r", about, error, exc_info=error)
    return reason_of(error)


def reason_of(error: Exception) -> str:
    """Return what stands in the books for an unexpected error, such as ``bug_ValueError``."""
    return f"bug_{type(error).__name__}"
