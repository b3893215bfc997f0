"""The tag files of a bag (BagIt 1.0, RFC 8493), and which objects go into one."""

from datetime import datetime

from archive.records import ObjectEntry

DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
"""``bagit.txt``."""

PAYLOAD_MANIFEST, TAG_MANIFEST = "manifest-sha256.txt", "tagmanifest-sha256.txt"
"""The lists of the digests of its objects, and of the files that describe it."""

_LEFT_OUT = ("leases", "exports", "manifests/open")


def belongs(key: str) -> bool:
    """Whether an object is part of the archive, and no note of what is at work on it or was taken away."""
    _, _, rest = key.partition("/")
    return not rest.startswith(tuple(f"{kind}/" for kind in _LEFT_OUT))


def manifest_line(digest: str, path: str) -> bytes:
    """Return a line of a manifest."""
    written = path.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")
    return f"{digest}  {written}\n".encode()


def bag_info(about: str, *, size: int, objects: int, made_at: datetime, software: str) -> bytes:
    """Return ``bag-info.txt``: what the bag is, and how much there must be in it."""
    fields = {
        "Bag-Software-Agent": software,
        "Bagging-Date": made_at.date().isoformat(),
        "External-Description": about,
        "Payload-Oxum": f"{size}.{objects}",
    }
    return "".join(f"{name}: {value}\n" for name, value in fields.items()).encode()


def tag_manifest(files: list[ObjectEntry]) -> bytes:
    """Return the manifest of the files that describe the bag."""
    return b"".join(manifest_line(one.sha256, one.key) for one in files)
