"""What happens when things break. ``make faults`` runs the long form."""

import os

LONG = os.environ.get("FAULTS") == "long"
"""Whether every test takes as long as it may: minutes, not seconds."""
