"""Checking media: every key that an attachment points to must be kept, and its bytes must be those of its name."""

from __future__ import annotations

from collections.abc import Callable

from storage.media import MediaGone, MediaStore, key_of
from storage.unit_of_work import Store
from workflows.frozen import frozen


@frozen
class Checked:
    """How many files were looked at, and the keys of those that are not there or not what they were."""

    files: int
    missing: tuple[str, ...]
    damaged: tuple[str, ...]


def check_all(store: Store, media: MediaStore, progress: Callable[[int], None] = lambda done: None) -> Checked:
    """Read every file once. Raises MediaUnreachable when the store does not answer."""
    with store.read() as uow:
        keys = uow.attachments.keys()
    missing: list[str] = []
    damaged: list[str] = []
    for key in keys:
        try:
            if key_of(media.get(key)) != key:
                damaged.append(key)
        except MediaGone:
            missing.append(key)
        progress(1)
    return Checked(len(keys), tuple(missing), tuple(damaged))
