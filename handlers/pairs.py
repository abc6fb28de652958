"""Before and after as one picture: made when it is first sent, by those who send files, and kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from handlers.tools import Tools
from storage.attachments import AttachmentRow
from storage.cases import CaseRow
from storage.media import MediaGone
from storage.unit_of_work import UnitOfWork
from workflows.actions import Action
from workflows.case.model import Case
from workflows.effects import MoveCase

MARK = "pair:"  # handle of a picture that we make ourselves: "pair:<before>:<after>"
LABELS = ("pair.before", "pair.after")


def sources(uow: UnitOfWork, case: Case, wanted: MoveCase) -> tuple[AttachmentRow, AttachmentRow] | None:
    """The photos of before and after that a result is shown by; None where there are not both."""
    if wanted.action is not Action.SUBMIT_RESULT:
        return None
    before, after = _first_photo(uow, case.media), _first_photo(uow, wanted.media)
    return (before, after) if before and after else None


def begin(uow: UnitOfWork, row: CaseRow, made: str, wanted: MoveCase, now: datetime) -> None:
    """Keep a place for the picture under this attachment id. It holds the reporter's photo, so it is erased with it."""
    both = sources(uow, row.case, wanted)
    if both is None:
        return
    before, after = both
    uow.attachments.add(made, before.person_id, row.home_chat_id, "photo", f"{MARK}{before.id}:{after.id}", now)
    uow.attachments.bind((made,), row.id)


def is_pair(file: AttachmentRow) -> bool:
    """Whether this is a picture of ours."""
    return (file.handle or "").startswith(MARK)


def make(tools: Tools, file: AttachmentRow) -> dict[str, Any]:
    """What the attachment's columns become; nothing while one of the two is still on its way."""
    from storage.side_by_side import side_by_side  # Pillow: only for a process that makes pictures

    with tools.store.read() as uow:
        found = uow.attachments.get(_sources(file))
    if any(one.status == "waiting" for one in found.values()):
        return {}
    try:
        before, after = (tools.media.get(found[one].shown or "") for one in _sources(file))
        labels = tuple(tools.words.text("vi", key, {}) for key in LABELS)
        content = side_by_side(before, after, (labels[0], labels[1]))
    except (KeyError, MediaGone, OSError, ValueError):  # the two are sent one by one instead
        return {"status": "failed", "problem": "not_an_image"}
    # The handle stays: by it the two are known that need not be sent again.
    return {
        "status": "kept",
        "shown": tools.media.put(content),
        "mime": "image/jpeg",
        "kind": "photo",
        "size": len(content),
        "handle": file.handle,
    }


def to_make(uow: UnitOfWork, ids: Iterable[str]) -> list[AttachmentRow]:
    """Those of these attachments that are pictures of ours which nobody has made yet."""
    wanted = [one for one in ids if one]
    return [file for file in uow.attachments.get(wanted).values() if is_pair(file) and file.status == "waiting"]


def make_all(tools: Tools, files: Iterable[AttachmentRow]) -> bool:
    """Make them now, outside any transaction; whether there is anything new to be seen."""
    made = {file.id: columns for file in files if (columns := make(tools, file))}
    if made:
        with tools.store.write() as uow:
            uow.attachments.settle(made)
            uow.flush(tools.clock.now())
    return bool(made)


def to_send(files: Sequence[AttachmentRow]) -> tuple[AttachmentRow, ...]:
    """Files of a message: the two in one where that could be made, else one by one."""
    made = [file for file in files if is_pair(file) and file.status == "kept"]
    inside = {one for file in made for one in _sources(file)}
    return tuple(file for file in files if file.id not in inside and (file in made or not is_pair(file)))


def _sources(file: AttachmentRow) -> tuple[str, ...]:
    return tuple((file.handle or "").removeprefix(MARK).split(":"))


def _first_photo(uow: UnitOfWork, ids: Iterable[str]) -> AttachmentRow | None:
    wanted = tuple(ids)
    found = uow.attachments.get(wanted)
    photos = (found[one] for one in wanted if one in found and found[one].kind in ("photo", "document"))
    return next((one for one in photos if one.status in ("kept", "waiting")), None)
