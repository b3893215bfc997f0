"""Works on what was fetched: one module a stage, pure; ``steps`` joins them to the archive."""
