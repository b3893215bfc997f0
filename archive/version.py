"""Which version of this program runs."""

from importlib.metadata import PackageNotFoundError, version


def own_version() -> str:
    """Return the version of the installed program; ``0`` when it runs without being installed."""
    try:
        return version("newsarchive")
    except PackageNotFoundError:
        return "0"
