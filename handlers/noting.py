"""What became of sends, into the store: notes and ledger, posts to remember, chats lost or moved, files that came."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from handlers.courier import Result
from storage.codec import dump
from storage.unit_of_work import UnitOfWork
from workflows.effects import Lane


def note(uow: UnitOfWork, results: Sequence[Result], now: datetime) -> None:
    """All of it, in one transaction; the caller flushes."""
    uow.outbox.note([note for result in results for note in (result.note, *result.mates)], now)
    _posts(uow, results, now)
    _arrivals(uow, [result for result in results if result.fetched], now)
    _pictures(uow, [result for result in results if result.made], now)
    for result in results:
        _apply(uow, result, now)


def _posts(uow: UnitOfWork, results: Sequence[Result], now: datetime) -> None:
    """Messages that people may answer are remembered; a card that was posted anew retires the older ones."""
    for result in results:
        row = result.note.row
        if result.repost and row.case_id is not None:
            uow.posts.retire_cards(row.case_id, row.chat_id)
    uow.posts.save([result.post | {"at": now} for result in results if result.post])


def _apply(uow: UnitOfWork, result: Result, now: datetime) -> None:
    row = result.note.row
    if result.pause_until:
        uow.chats.change(row.chat_id, paused_until=result.pause_until)
    if result.changes:
        uow.chats.change(row.chat_id, **result.changes)
    if result.lost:
        uow.chats.change(row.chat_id, status="lost", lost_at=now)
        if uow.chats.get([row.chat_id])[row.chat_id].kind == "group":
            uow.outbox.drop_chat(row.chat_id, now)
        else:  # each is planned: the same person may have another chat
            uow.outbox.release([row.chat_id], now)
        uow.registers.record("platform", "chat.lost", str(row.chat_id), now)
    if result.moved_to:
        chat = uow.chats.get([row.chat_id])[row.chat_id]
        new = uow.chats.find(chat.platform, result.moved_to)
        if chat.status == "moved" and new is not None:  # the move was worked while this row was on its way
            uow.outbox.redirect(chat.id, new.id)
        uow.inbox.wake(
            chat.platform, chat.external_id, f"moved:{chat.id}:{result.moved_to}",
            dump({"moved_to": result.moved_to}), now, now,
        )  # fmt: skip


def _arrivals(uow: UnitOfWork, results: Sequence[Result], now: datetime) -> None:
    """Bytes are kept, or never will be: the attachments know, and a dialog hears of what it has not yet been told."""
    columns = {one["event"]["attachment"]: one["columns"] for one in _fetched(results) if one["columns"]}
    settled = uow.attachments.settle(columns)
    for result, one in zip(results, _fetched(results), strict=True):
        event, row = one["event"], result.note.row
        if one["columns"] and event["attachment"] not in settled:
            _forget(uow, result, one["columns"], now)
        if event.get("problem") or event.get("lat") is not None:
            chat = uow.chats.get([row.chat_id])[row.chat_id]
            uow.inbox.wake(chat.platform, chat.external_id, f"media:{event['attachment']}", dump(event), now, now)


def _pictures(uow: UnitOfWork, results: Sequence[Result], now: datetime) -> None:
    """Pictures that we made ourselves, each by whoever was first."""
    settled = uow.attachments.settle({one: columns for result in results for one, columns in result.made.items()})
    for result in results:
        for attachment, columns in result.made.items():
            if attachment not in settled:
                _forget(uow, result, columns, now)


def _forget(uow: UnitOfWork, result: Result, columns: dict[str, Any], now: datetime) -> None:
    """Erased while it was fetched or made, or that was done twice: bytes that nobody points to are deleted."""
    keys = [columns[name] for name in ("original", "shown") if columns.get(name)]
    uow.outbox.put(result.note.row.chat_id, Lane.NOTICE, "forget", dump({"keys": keys}), now)


def _fetched(results: Sequence[Result]) -> list[dict[str, Any]]:
    return [result.fetched for result in results if result.fetched]
