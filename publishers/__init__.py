"""Whom we archive: one declarative value a publisher."""
