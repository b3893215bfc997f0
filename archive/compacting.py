"""The embedded store's disk lets go of what was deleted: its files keep it until they are compacted."""

import logging
import time

import httpx

from archive.object_store import ObjectStore
from archive.store_launch import last_launch
from archive.weed import SERVICES

logger = logging.getLogger(__name__)

_ROUNDS = 2
# SeaweedFS marks the parts of a deleted object in the background, every 1.1 seconds.
_WAIT_SECONDS = 3
_TIMEOUT_SECONDS = 600
# Share of a file that must be deleted for it to be written again: any.
_ANY = "0.000001"


def compact(store: ObjectStore) -> bool:
    """Have the embedded store write its files again without what was deleted, in a few seconds.

    Returns False for a store of somebody else's, whose disk is not ours to see to, and, with a warning, when
    the embedded one does not do it.
    """
    if store.data_folder is None:
        return False
    ports = dict(zip(SERVICES, last_launch(store.data_folder).ports, strict=False))
    try:
        for _ in range(_ROUNDS):
            time.sleep(_WAIT_SECONDS)
            asked = f"http://127.0.0.1:{ports['master']}/vol/vacuum"
            answer = httpx.get(asked, params={"garbageThreshold": _ANY}, timeout=_TIMEOUT_SECONDS)
            answer.raise_for_status()
    except (httpx.HTTPError, KeyError) as error:
        logger.warning("the embedded store keeps deleted bytes until it compacts itself: %r", error)
        return False
    return True
