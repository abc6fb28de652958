"""What must go out, until it has: in order per chat and lane, with a ledger of every attempt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, case, func, literal_column, or_, select, union, union_all, update

from storage.bulk import Family, insert_rows, update_rows
from storage.codec import dump, plain
from storage.driver import Query
from storage.models import Chat, Delivery, Outbox, table_of
from storage.sql import among
from storage.writer import Writer
from workflows.effects import Lane
from workflows.frozen import frozen

OUTBOX = table_of(Outbox)
CHATS = table_of(Chat)
DELIVERIES = table_of(Delivery)
# Written out, not bound: only then does a prepared statement use the small index over what is not sent yet.
OPEN: tuple[Any, Any] = (literal_column("'new'"), literal_column("'sending'"))
PRESS_LASTS = timedelta(seconds=60)  # later than this, acknowledging a press tells nobody anything
MAX_LEASES = 20  # a row whose senders die so often is what they die of
IS_NEW = OUTBOX.c.status == OPEN[0]
IS_SENDING = OUTBOX.c.status == OPEN[1]
IS_HELD = OUTBOX.c.status == literal_column("'held'")
IS_DEAD = OUTBOX.c.status == literal_column("'dead'")


@frozen
class OutboxRow:
    """One message to be sent (or a press to be acknowledged, a file to be fetched, a group to be left)."""

    id: int
    chat_id: int
    lane: int
    kind: str
    body: str
    case_id: int | None
    purpose: str
    edit: str | None
    reply_to: str | None
    thread: str | None
    created_at: datetime
    expires_at: datetime | None
    attempts: int
    held_for: str | None = None
    press: str | None = None


@frozen
class Note:
    """What became of one attempt. ``status`` is the row's next one; ``due_at`` when it is to be tried again."""

    row: OutboxRow
    status: str
    outcome: str
    detail: str = ""
    sent_ids: str | None = None
    rendered: str | None = None
    due_at: datetime | None = None
    counts: bool = True  # False: it was only put off, which is no attempt
    held_for: str | None = None  # what it waits for now


COLUMNS = [
    OUTBOX.c.id,
    OUTBOX.c.chat_id,
    OUTBOX.c.lane,
    OUTBOX.c.kind,
    func.coalesce(OUTBOX.c.body, "").label("body"),  # "" once erased
    OUTBOX.c.case_id,
    OUTBOX.c.purpose,
    OUTBOX.c.edit,
    OUTBOX.c.reply_to,
    OUTBOX.c.thread,
    OUTBOX.c.created_at,
    OUTBOX.c.expires_at,
    OUTBOX.c.attempts,
    OUTBOX.c.held_for,
    OUTBOX.c.press,
]

_INSERT = insert_rows(
    OUTBOX,
    ["key", "chat_id", "lane", "kind", "body", "case_id", "purpose", "edit", "reply_to", "thread", "press", "status",
     "created_at", "due_at", "expires_at", "lease_until", "attempts"],
    returning="id",
)  # fmt: skip
_NOT_FREE = Query(
    union(
        select(OUTBOX.c.chat_id).where(
            among(OUTBOX.c.chat_id, "chats"), OUTBOX.c.status.in_(OPEN), OUTBOX.c.kind != "fetch"
        ),
        select(CHATS.c.id).where(
            among(CHATS.c.id, "chats"), or_(CHATS.c.paused_until > bindparam("now"), CHATS.c.status != "open")
        ),
    )
)
_ahead = OUTBOX.alias("ahead")
_IS_FIRST = OUTBOX.c.id == (
    select(_ahead.c.id)
    .where(
        _ahead.c.chat_id == OUTBOX.c.chat_id,
        _ahead.c.lane == OUTBOX.c.lane,
        _ahead.c.status.in_(OPEN),
        _ahead.c.kind != "fetch",
    )
    .order_by(_ahead.c.id)
    .limit(1)
    .scalar_subquery()
)


def _due(*conditions: Any) -> Any:
    return (
        select(*COLUMNS)
        .join(CHATS, CHATS.c.id == OUTBOX.c.chat_id)
        .where(
            IS_NEW,
            OUTBOX.c.due_at <= bindparam("now"),
            or_(CHATS.c.paused_until.is_(None), CHATS.c.paused_until <= bindparam("now")),
            *conditions,
        )
        .order_by(OUTBOX.c.lane, OUTBOX.c.id)
        .limit(bindparam("how_many"))
        .with_for_update(of=OUTBOX, skip_locked=True)
    )


_DUE_MESSAGES = Query(_due(OUTBOX.c.kind != "fetch", _IS_FIRST))
_DUE_FETCHES = Query(_due(OUTBOX.c.kind == "fetch"))
_CLAIM = (
    update(OUTBOX)
    .where(among(OUTBOX.c.id, "ids"), OUTBOX.c.status == "new")
    .values(status="sending", lease_until=bindparam("lease"), attempts=OUTBOX.c.attempts + 1)
)
_NOTE = update_rows(
    OUTBOX,
    ["status", "outcome", "sent_at", "sent_ids", "due_at", "lease_until", "held_for", "press"],
    expressions={
        "rendered": "CASE WHEN outbox.body IS NULL THEN NULL ELSE r.rendered END",  # erased meanwhile
        "attempts": "outbox.attempts - r.uncounted",
    },
    extra={"rendered": "text", "uncounted": "integer"},
    family=Family.NOTE,
)
_LEDGER = insert_rows(DELIVERIES, ["outbox_id", "at", "outcome", "detail"], family=Family.NOTE)
_EXPIRED = (
    select(OUTBOX.c.id)
    .where(IS_SENDING, OUTBOX.c.lease_until < bindparam("now"))
    .limit(1000)
    .with_for_update(skip_locked=True)
)
_FREE = (
    update(OUTBOX)
    .where(among(OUTBOX.c.id, "ids"))
    .values(status=case((OUTBOX.c.attempts >= MAX_LEASES, "dead"), else_="new"), lease_until=None, outcome="unknown")
)
_DUE_SINCE: Any = union_all(
    select(func.min(OUTBOX.c.due_at).label("since")).where(IS_NEW, OUTBOX.c.due_at <= bindparam("now")),
    select(func.min(OUTBOX.c.due_at)).where(IS_SENDING, OUTBOX.c.due_at <= bindparam("now")),
)
_AGE = select(func.min(_DUE_SINCE.subquery().c.since))
_open_count = select(OUTBOX.c.status, func.count()).where(OUTBOX.c.status.in_(OPEN)).group_by(OUTBOX.c.status)
_dead_count: Any = select(literal_column("'dead'"), func.count()).select_from(OUTBOX).where(IS_DEAD)
_held_count: Any = select(literal_column("'held'"), func.count()).select_from(OUTBOX).where(IS_HELD)
_COUNTS: Any = union_all(_open_count, _dead_count, _held_count)
WAITS = or_(IS_NEW, IS_HELD)
_RELEASE: Any = update(OUTBOX).where(IS_HELD).values(status="new", due_at=bindparam("now"))
_RELEASE_CHATS = _RELEASE.where(among(OUTBOX.c.chat_id, "chats"))
_RELEASE_DUE = _RELEASE.where(OUTBOX.c.due_at <= bindparam("now"))
_TAKE = (
    update(OUTBOX)
    .where(among(OUTBOX.c.id, "ids"), WAITS)
    .values(status="sending", lease_until=bindparam("lease"), attempts=OUTBOX.c.attempts + 1)
    .returning(*COLUMNS)
)


_SAID = select(OUTBOX.c.key, OUTBOX.c.created_at).where(among(OUTBOX.c.key, "keys"))


class OutboxStore:
    """The outbox inside one transaction. Rows are gathered by ``put`` and written together by ``flush``."""

    def __init__(self, connection: Writer) -> None:
        self.connection = connection
        self.gathered: list[dict[str, Any]] = []

    def put(
        self,
        chat_id: int,
        lane: int,
        kind: str,
        body: str,
        now: datetime,
        *,
        case_id: int | None = None,
        purpose: str = "",
        edit: str | None = None,
        reply_to: str | None = None,
        thread: str | None = None,
        press: str | None = None,
        key: str | None = None,
        due_at: datetime | None = None,
        expires_at: datetime | None = None,
    ) -> None:
        """One more thing to go out. A ``press`` is acknowledged along with it, if it goes at once."""
        self.gathered.append(
            {
                "key": key,
                "chat_id": chat_id,
                "lane": int(lane),
                "kind": kind,
                "body": body,
                "case_id": case_id,
                "purpose": purpose,
                "edit": edit,
                "reply_to": reply_to,
                "thread": thread,
                "press": press,
                "status": "new",
                "created_at": now,
                "due_at": due_at or now,
                "expires_at": expires_at,
                "lease_until": None,
                "attempts": 0,
            }
        )

    def said(self, keys: Sequence[str]) -> dict[str, datetime]:
        """When each of these was put there, of those that were; what is only gathered is not looked at."""
        found = self.connection.execute(_SAID, {"keys": list(keys)}) if keys else ()
        return {row.key: row.created_at for row in found}

    def flush(self, now: datetime, lease: timedelta | None = None) -> list[OutboxRow]:
        """Write what was gathered. With a lease, rows of chats in which nothing waits are born as ours to send.

        The press of a row that is not gets a row of its own. Returns those that are ours, lane by lane: the caller
        sends them after the commit and saves a claim.
        """
        rows, self.gathered = self.gathered, []
        if not rows:
            return []
        mine = self._free_chats(rows, now) if lease else set()
        for row in rows:
            if row["chat_id"] in mine and row["due_at"] <= now:
                row.update(status="sending", lease_until=now + (lease or timedelta()), attempts=1)
            elif row["press"]:
                self._press_apart(row, now)
        rows += self.gathered
        self.gathered = []
        ids = sorted(made for (made,) in self.connection.run(_INSERT, rows))  # numbered in the order of the rows
        born = [_row(row, made) for row, made in zip(rows, ids, strict=True) if row["status"] == "sending"]
        return sorted(born, key=lambda row: (row.lane, row.id))

    def _press_apart(self, row: dict[str, Any], now: datetime) -> None:
        body = dump({"press": row["press"], "toast": None, "alert": False})
        self.put(row["chat_id"], Lane.ACK, "ack", body, now, expires_at=now + PRESS_LASTS)
        row["press"] = None

    def _free_chats(self, rows: list[dict[str, Any]], now: datetime) -> set[int]:
        chats = {row["chat_id"] for row in rows}
        busy = {chat for (chat,) in self.connection.ask(_NOT_FREE, {"chats": list(chats), "now": now}, OUTBOX, CHATS)}
        late = {row["chat_id"] for row in rows if row["due_at"] > now}
        return chats - busy - late

    def claim(self, now: datetime, how_many: int, lease: timedelta, *, fetches: bool = False) -> list[OutboxRow]:
        """Take due rows: the first of each chat and lane, or (``fetches``) files to be fetched, in any order."""
        statement = _DUE_FETCHES if fetches else _DUE_MESSAGES
        found = self.connection.ask(statement, {"now": now, "how_many": how_many}, OUTBOX, CHATS)
        rows = [replace(row, attempts=row.attempts + 1) for row in (OutboxRow(*values) for values in found)]
        if rows:
            self.connection.execute(_CLAIM, {"ids": [row.id for row in rows], "lease": now + lease})
        return rows

    def note(self, notes: Sequence[Note], now: datetime) -> None:
        """Write down what became of sends, and one ledger line each."""
        if not notes:
            return
        for note in notes:
            self.connection.later(_NOTE, _noted(note, now))
            line = {"outbox_id": note.row.id, "at": now, "outcome": note.outcome, "detail": note.detail}
            self.connection.later(_LEDGER, line)

    def free_expired(self, now: datetime) -> int:
        """Give rows back whose sender died: whether they arrived is not known, so they are sent again.

        One whose senders died again and again is set aside for an administrator.
        """
        ids = self.connection.scalars(_EXPIRED, {"now": now}).all()
        if ids:
            self.connection.execute(_FREE, {"ids": ids})
            ledger = [{"outbox_id": row, "at": now, "outcome": "unknown", "detail": "lease ended"} for row in ids]
            self.connection.run(_LEDGER, ledger)
        return len(ids)

    def anything_due(self, now: datetime) -> bool:
        """Whether something waits to be sent or fetched."""
        due = select(OUTBOX.c.id).where(IS_NEW, OUTBOX.c.due_at <= now).limit(1)
        return self.connection.scalar(due) is not None

    def newer_card(self, row: OutboxRow) -> bool:
        """Whether a later card of the same case waits for the same chat, so that this one need not go."""
        newer = (
            select(OUTBOX.c.id)
            .where(
                OUTBOX.c.chat_id == row.chat_id,
                OUTBOX.c.case_id + 0 == row.case_id,  # by the small index over what is not sent yet, however many are
                OUTBOX.c.kind == "card",
                OUTBOX.c.status.in_(OPEN),
                OUTBOX.c.id > row.id,
            )
            .limit(1)
        )
        return self.connection.scalar(newer) is not None

    def has_card(self, chat_id: int, case_id: int) -> bool:
        """Whether a card of a case waits for a chat."""
        alike = (OUTBOX.c.chat_id == chat_id, OUTBOX.c.case_id == case_id, OUTBOX.c.kind == "card")
        found = select(OUTBOX.c.id).where(*alike, or_(OUTBOX.c.status.in_(OPEN), IS_HELD)).limit(1)
        return self.connection.scalar(found) is not None

    def drop_chat(self, chat_id: int, now: datetime) -> None:
        """The chat is lost: nothing that waits for it will ever go out."""
        waits = (OUTBOX.c.chat_id == chat_id, WAITS, OUTBOX.c.kind != "fetch")
        ids = self.connection.scalars(select(OUTBOX.c.id).where(*waits)).all()
        if ids:
            self.connection.execute(
                update(OUTBOX).where(OUTBOX.c.id.in_(ids)).values(status="never", outcome="chat lost")
            )
            lost = [{"outbox_id": row, "at": now, "outcome": "never", "detail": "chat lost"} for row in ids]
            self.connection.run(_LEDGER, lost)

    def redirect(self, old_chat: int, new_chat: int) -> None:
        """A group moved: what waits for the old chat goes to the new one, except changes of old messages."""
        waits = (OUTBOX.c.chat_id == old_chat, WAITS)
        self.connection.execute(
            update(OUTBOX).where(*waits).values(chat_id=new_chat, edit=None, reply_to=None, thread=None)
        )

    # --- what is held ----------------------------------------------------------------------------------------------

    def release(self, chats: Sequence[int], now: datetime) -> int:
        """What is held for these chats is to be planned anew: their people wrote. Returns how many rows."""
        return self.connection.execute(_RELEASE_CHATS, {"chats": list(chats), "now": now}).rowcount

    def release_due(self, now: datetime) -> int:
        """What has been held long enough is planned anew. Returns how many rows."""
        return self.connection.execute(_RELEASE_DUE, {"now": now}).rowcount

    def release_all(self, now: datetime) -> int:
        """A channel has changed: everything held is planned anew. Returns how many rows."""
        return self.connection.execute(_RELEASE, {"now": now}).rowcount

    def hurry(self, platform: str, now: datetime) -> None:
        """What waits for its next attempt on a platform is looked at now."""
        chats = select(CHATS.c.id).where(CHATS.c.platform == platform)
        tried = (OUTBOX.c.attempts > 0, OUTBOX.c.chat_id.in_(chats))
        late = (IS_NEW, OUTBOX.c.due_at > now, *tried)
        self.connection.execute(update(OUTBOX).where(*late).values(due_at=now))

    def waiting_with(self, row: OutboxRow) -> list[OutboxRow]:
        """Messages that wait in the same chat and lane, oldest first."""
        alike = (OUTBOX.c.chat_id == row.chat_id, OUTBOX.c.lane == row.lane, OUTBOX.c.kind == "send")
        found = select(*COLUMNS).where(*alike, WAITS, OUTBOX.c.id != row.id).order_by(OUTBOX.c.id).limit(50)
        return [OutboxRow(*values) for values in self.connection.execute(found)]

    def take(self, ids: Sequence[int], now: datetime, lease: timedelta) -> list[OutboxRow]:
        """Claim these rows, as far as they still wait, to be sent together with another."""
        found = self.connection.execute(_TAKE, {"ids": list(ids), "lease": now + lease})
        return sorted((OutboxRow(*values) for values in found), key=lambda row: row.id)

    def move(self, row_id: int, chat_id: int) -> None:
        """A row goes to another chat of the same person; what it would change or answer is not there."""
        moved = {"chat_id": chat_id, "edit": None, "reply_to": None, "thread": None}
        self.connection.execute(update(OUTBOX).where(OUTBOX.c.id == row_id).values(**moved))

    def waiting(self) -> list[tuple[OutboxRow, datetime | None]]:
        """Every row that waits, and when it is due; None for one that is held."""
        found = select(*COLUMNS, OUTBOX.c.status, OUTBOX.c.due_at).where(or_(OUTBOX.c.status.in_(OPEN), IS_HELD))
        rows = self.connection.execute(found.order_by(OUTBOX.c.id))
        return [(OutboxRow(*values), None if status == "held" else due) for *values, status, due in rows]

    def waiting_by_channel(self) -> dict[str, dict[str, int]]:
        """By platform: how many rows wait, and of those how many are held for what."""
        held = case((IS_HELD, func.coalesce(OUTBOX.c.held_for, "")), else_="")
        found = self._open_by(CHATS.c.platform, held.label("held"), func.count())
        counts: dict[str, dict[str, int]] = {}
        for platform, why, count in self.connection.execute(found.group_by(CHATS.c.platform, held)):
            counts.setdefault(platform, {})[why] = count
        return counts

    def cases_by_channel(self) -> dict[str, int]:
        """By platform: of how many cases something waits."""
        found = self._open_by(CHATS.c.platform, func.count(OUTBOX.c.case_id.distinct())).group_by(CHATS.c.platform)
        return {platform: count for platform, count in self.connection.execute(found)}

    @staticmethod
    def _open_by(*columns: Any) -> Any:
        waits = or_(OUTBOX.c.status.in_(OPEN), IS_HELD)
        return select(*columns).select_from(OUTBOX).join(CHATS, CHATS.c.id == OUTBOX.c.chat_id).where(waits)

    def oldest_due(self, now: datetime) -> datetime | None:
        """Since when the oldest unsent row is due."""
        found: datetime | None = self.connection.scalar(_AGE, {"now": now})
        return found

    def counts(self) -> dict[str, int]:
        """How many rows wait, are being sent, were set aside; what is done is not counted, there is no end of it."""
        return {status: count for status, count in self.connection.execute(_COUNTS) if count}

    def of_case(self, case_id: int) -> list[dict[str, Any]]:
        """Who was told what and when about a case, with the words as they were shown."""
        found = (
            select(OUTBOX.c.id, CHATS.c.platform, CHATS.c.kind.label("chat_kind"), CHATS.c.agency_id,
                   CHATS.c.operators, OUTBOX.c.kind, OUTBOX.c.purpose, OUTBOX.c.status, OUTBOX.c.created_at,
                   OUTBOX.c.sent_at, OUTBOX.c.attempts, OUTBOX.c.outcome, OUTBOX.c.rendered)
            .join(CHATS, CHATS.c.id == OUTBOX.c.chat_id)
            .where(OUTBOX.c.case_id == case_id)
            .order_by(OUTBOX.c.id)
        )  # fmt: skip
        return [dict(row._mapping) for row in self.connection.execute(found)]

    def ledger(self, outbox_id: int) -> list[dict[str, Any]]:
        """Every attempt of one row."""
        found = select(DELIVERIES).where(DELIVERIES.c.outbox_id == outbox_id).order_by(DELIVERIES.c.id)
        return [dict(row._mapping) for row in self.connection.execute(found)]

    def dead(self, limit: int) -> list[dict[str, Any]]:
        """Rows given up or never to be delivered, newest first, without their words."""
        columns = [OUTBOX.c.id, OUTBOX.c.chat_id, OUTBOX.c.kind, OUTBOX.c.purpose, OUTBOX.c.case_id,
                   OUTBOX.c.status, OUTBOX.c.attempts, OUTBOX.c.outcome, OUTBOX.c.created_at]  # fmt: skip
        found = select(*columns).where(IS_DEAD).order_by(OUTBOX.c.id.desc()).limit(limit)
        return [dict(row._mapping) for row in self.connection.execute(found)]

    def revive(self, ids: Sequence[int] | None, now: datetime) -> int:
        """Try dead rows again (all of them for None)."""
        change = update(OUTBOX).where(OUTBOX.c.status == "dead").values(status="new", attempts=0, due_at=now)
        if ids is not None:
            change = change.where(OUTBOX.c.id.in_(ids))
        return self.connection.execute(change).rowcount

    def readdress(self, old_chat: int, new_chat: int) -> None:
        """What this step has gathered for one chat goes to another."""
        for row in self.gathered:
            if row["chat_id"] == old_chat:
                row["chat_id"] = new_chat

    def forget_chat(self, chat_id: int) -> None:
        """Empty what was or would be said in one chat (erasure); that something was said stays."""
        self._forget(OUTBOX.c.chat_id == chat_id)

    def forget_cases(self, case_ids: Iterable[int]) -> None:
        """Empty what was or would be said about these cases anywhere: cards repeat the reporter's words."""
        self._forget(OUTBOX.c.case_id.in_(list(case_ids)))

    def groups_asked(self, purpose: str, since: datetime) -> list[int]:
        """Every group in which questions of a purpose were put from a moment on; also what is no group of ours now."""
        put = (OUTBOX.c.chat_id == CHATS.c.id, OUTBOX.c.purpose == purpose, OUTBOX.c.created_at >= since)
        found = select(CHATS.c.id).where(CHATS.c.kind == "group", select(OUTBOX.c.id).where(*put).exists())
        return list(self.connection.scalars(found.order_by(CHATS.c.id)))

    def forget_asides(self, chat_id: int, purpose: str, since: datetime, until: datetime) -> None:
        """Empty what was said in one chat between two moments and belongs to no case: questions about one to be
        (law 91/2025: the right to erasure). Of what waits there only questions of this purpose are never said.
        """
        between = (OUTBOX.c.created_at >= since, OUTBOX.c.created_at <= until)
        gone = or_(~WAITS, OUTBOX.c.purpose == purpose)
        self._forget(and_(OUTBOX.c.chat_id == chat_id, OUTBOX.c.case_id.is_(None), *between, gone))

    def groups_told(self, case_id: int) -> list[int]:
        """Every group that was told something of a case, or will be."""
        told = (OUTBOX.c.case_id == case_id, CHATS.c.kind == "group")
        found = select(OUTBOX.c.chat_id).join(CHATS, CHATS.c.id == OUTBOX.c.chat_id).where(*told).distinct()
        gathered = (row["chat_id"] for row in self.gathered if row["case_id"] == case_id)
        return sorted({*self.connection.scalars(found), *gathered})

    def take_back(self, case_id: int, chat_id: int) -> list[str]:
        """What waits for a group about a case goes no more; the ids of the messages that are there already.

        What is being sent at this moment may arrive, but is not sent again.
        """
        alike = (OUTBOX.c.case_id == case_id, OUTBOX.c.chat_id == chat_id)
        self.gathered = [row for row in self.gathered if (row["case_id"], row["chat_id"]) != (case_id, chat_id)]
        self.connection.execute(update(OUTBOX).where(*alike, WAITS).values(status="never", outcome="taken back"))
        self.connection.execute(update(OUTBOX).where(*alike, IS_SENDING).values(body=None))
        found = self.connection.scalars(select(OUTBOX.c.sent_ids).where(*alike, OUTBOX.c.sent_ids.is_not(None)))
        return list(dict.fromkeys(message for ids in found for message in plain(ids)))

    def _forget(self, which: Any) -> None:
        self.connection.execute(update(OUTBOX).where(which, WAITS).values(status="never", outcome="erased"))
        self.connection.execute(update(OUTBOX).where(which).values(body=None, rendered=None))


def _row(values: dict[str, Any], made: int) -> OutboxRow:
    return OutboxRow(
        made,
        values["chat_id"],
        values["lane"],
        values["kind"],
        values["body"],
        values["case_id"],
        values["purpose"],
        values["edit"],
        values["reply_to"],
        values["thread"],
        values["created_at"],
        values["expires_at"],
        values["attempts"],
        press=values["press"],
    )


def _noted(note: Note, now: datetime) -> dict[str, Any]:
    return {
        "id": note.row.id,
        "status": note.status,
        "outcome": note.detail or note.outcome,
        "sent_at": now if note.status == "sent" else None,
        "sent_ids": note.sent_ids,
        "rendered": note.rendered,
        "due_at": note.due_at or note.row.created_at,
        "lease_until": None,
        "held_for": note.held_for or note.row.held_for,
        "press": note.row.press,
        "uncounted": 0 if note.counts else 1,
    }
