"""One row of the outbox to the platform: sent, edited, acknowledged, fetched; and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from structlog.contextvars import bound_contextvars

from handlers import pairs
from handlers.fetch import fetch
from handlers.ports import (
    ChatHasMoved,
    File,
    Outgoing,
    Platform,
    QuotaSpent,
    SendLater,
    SendNever,
    SendUnknown,
    Sent,
    TopicGone,
    WindowClosed,
)
from handlers.tools import Tools
from storage.attachments import AttachmentRow
from storage.chats import ChatRow
from storage.codec import dump, load, plain
from storage.media import MediaGone
from storage.outbox import PRESS_LASTS, Note, OutboxRow
from storage.posts import PostRow
from storage.unit_of_work import UnitOfWork
from workflows.frozen import frozen
from workflows.messages import Message, Value
from workflows.notifier.planner import Answer, FallBack, Hold, NotReached, Send

log = structlog.get_logger()

Refusal = SendLater | SendNever | ChatHasMoved | SendUnknown
MOVING = timedelta(seconds=1)  # until the move of a group is worked
WAIT_FOR_MEDIA = timedelta(seconds=2)
FIRST_ATTEMPTS = 3
SHOWN_MIME = "image/jpeg"  # of every copy made for showing (storage/images.py)


@frozen
class Ready:
    """A row with everything that sending needs: loaded in one transaction, used outside any."""

    row: OutboxRow
    chat: ChatRow
    message: Message | None = None
    files: tuple[AttachmentRow, ...] = ()
    card: PostRow | None = None
    answered: PostRow | None = None  # the post that is to be edited
    skip: str = ""  # why it need not go
    problem: str = ""  # why it cannot be read
    answer: Answer | None = None  # what the notifier says; None: it has nothing to say
    mates: tuple[Ready, ...] = ()  # what is told in the same message, claimed as well


@dataclass(slots=True)
class Result:
    """What became of one row: a note for the outbox, a post to remember, a change of its chat, a wake-up."""

    note: Note
    post: dict[str, Any] | None = None
    repost: bool = False
    pause_until: datetime | None = None
    lost: bool = False
    moved_to: str = ""
    fetched: dict[str, Any] | None = None
    made: dict[str, dict[str, Any]] = field(default_factory=dict)  # pictures of ours: columns by attachment
    answer: Answer | None = None  # not sent, as the notifier said
    changes: dict[str, Any] | None = None  # columns of the chat
    mates: tuple[Note, ...] = ()  # of what was to be told in the same message
    platform: str = ""
    reached: bool = False  # the platform answered
    trouble: str = ""  # it did not, or could not be used: the kind of failure


class Pace:
    """How fast we may send. This one knows no limits; bot/pace.py counts them for all processes."""

    def wait(self, platform: Platform, chat: ChatRow) -> float:
        """Seconds until this chat may be sent to; 0: now, and counted."""
        return 0

    def hold(self, platform: str, seconds: float) -> None:
        """The platform asked for silence towards everybody."""


class Courier:
    """Takes single rows to the platforms. Never raises for what a platform does: it comes back as a result."""

    def __init__(self, tools: Tools, pace: Pace) -> None:
        self.tools = tools
        self.pace = pace

    def each(self, work: list[Ready], until: datetime) -> Iterator[Result | None]:
        """Send rows of one chat in order. What stands behind a row that was put off goes back; after ``until``
        (the end of our lease) nothing is begun any more: None, the lease gives those back.
        """
        held: set[int] = set()  # lanes whose order must hold
        for one in [self._acknowledged(one) for one in work]:
            if one.row.lane in held:
                yield Result(Note(one.row, "new", "later", "behind another", due_at=one.row.created_at, counts=False))
                continue
            if self.tools.clock.now() >= until:
                yield None
                continue
            result = self._safely(one)
            if result.pause_until:
                held.update(other.row.lane for other in work)
            elif result.note.status == "new" and one.row.kind != "fetch":
                held.add(one.row.lane)
            yield result

    def _safely(self, one: Ready) -> Result:
        try:
            with bound_contextvars(chat_id=one.chat.id, outbox_id=one.row.id):
                result = self._one(one)
                result.platform = one.chat.platform
        except Exception as error:
            log.exception("send.failed", outbox_id=one.row.id, kind=type(error).__name__)
            result = self._broken(one.row, f"error {type(error).__name__}")
        result.mates = tuple(self._with(mate, result.note) for mate in one.mates)
        return result

    def _with(self, mate: Ready, note: Note) -> Note:
        """What becomes of a notice that was to be told together with another."""
        if note.status != "sent":
            return Note(mate.row, "new", "later", "behind another", due_at=note.due_at, counts=False)
        words = self._paragraphs(mate.chat.language, mate.message) if mate.message else ()
        return Note(mate.row, "sent", "bundled", f"with {note.row.id}", rendered="\n".join(words))

    def _one(self, ready: Ready) -> Result:
        row, chat, now = ready.row, ready.chat, self.tools.clock.now()
        if ready.problem:
            return self._broken(row, ready.problem)
        if ready.skip or (row.expires_at and row.expires_at <= now):
            return Result(Note(row, "never", "expired", ready.skip or "expired"))
        if row.kind == "forget":
            return self._forget(row)
        if ready.answer is not None and not isinstance(ready.answer, Send):
            return self._planned(row, ready.answer)
        if chat.status == "lost" and row.kind != "fetch":
            return Result(Note(row, "never", "never", "chat lost"))
        waits = [one for one in ready.files if one.status == "waiting" and not pairs.is_pair(one)]
        if waits and row.kind != "fetch" and now < row.created_at + self.tools.road.media_wait:
            return self._later(row, WAIT_FOR_MEDIA.total_seconds(), "waits for media", counts=False)
        platform = self.tools.platforms.get(chat.platform)
        if platform is None:
            return self._later(row, 60, "platform is off", counts=False)
        try:
            pause = self.pace.wait(platform, chat) if row.kind in {"send", "card"} else 0
            if pause > 0:
                return self._later(row, pause, "paced", counts=False)
            return self._through(platform, ready)
        except (SendLater, SendNever, ChatHasMoved, SendUnknown) as error:
            return self._refused(error, platform, ready)

    def _refused(self, error: Refusal, platform: Platform, ready: Ready) -> Result:
        """What becomes of a row that the platform would not, or could not, take."""
        row, now = ready.row, self.tools.clock.now()
        match error:
            case SendLater():
                return self._put_off(error, platform, ready)
            case WindowClosed(code=code):
                if self._is_limited(platform, ready):
                    return self._again(row, code, refused_at=now)
                return Result(Note(row, "never", "never", code), reached=True)
            case SendNever(code=code, chat_lost=lost):
                if lost and self._is_notice(ready):  # the same person may have another chat
                    again = Note(row, "new", "later", code, due_at=now, counts=False)
                    return Result(again, lost=True, reached=True)
                return Result(Note(row, "never", "never", code), lost=lost, reached=True)
            case ChatHasMoved(to=to):
                return Result(Note(row, "new", "moved", "moved", due_at=now + MOVING), moved_to=to)
            case SendUnknown(code=code):
                return replace(self._unknown(row, code), trouble=code)

    def _put_off(self, later: SendLater, platform: Platform, ready: Ready) -> Result:
        """The platform wants to be asked later: for this row, for its chat or for everybody."""
        row, now = ready.row, self.tools.clock.now()
        until = now + timedelta(seconds=later.seconds)
        if later.whole_bot:
            self.pace.hold(platform.name, later.seconds)
        if isinstance(later, QuotaSpent):
            if self._is_limited(platform, ready):
                return self._again(row, later.code, quota_until=max(until, now + MOVING))
            return replace(self._later(row, later.seconds, later.code), pause_until=until)
        result = replace(self._later(row, later.seconds, later.code), trouble=later.code)
        # A file that cannot be had yet says nothing about what may be said in its chat.
        return result if row.kind == "fetch" else replace(result, pause_until=until)

    def _acknowledged(self, one: Ready) -> Ready:
        """Its press is tried once and at once, even where the message itself has to wait for its turn."""
        row, platform = one.row, self.tools.platforms.get(one.chat.platform)
        if not row.press:
            return one
        if platform is not None and self.tools.clock.now() <= row.created_at + PRESS_LASTS:
            try:
                platform.acknowledge(row.press, "", False)
            except Exception as error:  # its message matters, and goes out
                log.info("press.refused", outbox_id=row.id, kind=type(error).__name__)
                if isinstance(error, SendLater) and error.whole_bot:
                    self.pace.hold(platform.name, error.seconds)
        return replace(one, row=replace(row, press=None))

    def _is_limited(self, platform: Platform, ready: Ready) -> bool:
        """Whether the notifier counts windows and quotas of this chat, and will find another way or time."""
        return platform.capabilities.window is not None and self._is_notice(ready)

    def _is_notice(self, ready: Ready) -> bool:
        return ready.chat.kind != "group" and ready.row.kind == "send"

    def _again(self, row: OutboxRow, code: str, **changes: datetime) -> Result:
        """The platform knows better than we did: it is planned anew with that."""
        note = Note(row, "new", "later", code, due_at=self.tools.clock.now(), counts=False)
        return Result(note, changes=changes, reached=True)

    def _planned(self, row: OutboxRow, answer: Answer) -> Result:
        """Put off, moved or given up without asking the platform."""
        match answer:
            case Hold(why=why, until=until):
                note = Note(row, "held", "held", why, due_at=until, counts=False, held_for=why)
            case FallBack():
                note = Note(row, "new", "elsewhere", "elsewhere", due_at=self.tools.clock.now(), counts=False)
            case NotReached(reason=reason):
                note = Note(row, "never", "not_reached", f"not reached: {reason}", counts=False)
            case Send():
                raise ValueError("what is to be sent is sent")
        return Result(note, answer=answer)

    def _through(self, platform: Platform, ready: Ready) -> Result:
        row, chat = ready.row, ready.chat
        if row.kind == "ack":
            body = plain(row.body)
            toast = body["toast"]
            label = self.tools.words.label(chat.language, Value(**toast)) if toast else ""
            platform.acknowledge(body["press"], label, bool(body["alert"]))
            return Result(Note(row, "sent", "sent"))
        if row.kind == "fetch":
            return Result(Note(row, "sent", "sent"), fetched=fetch(self.tools, platform, ready.files[0]))
        if row.kind == "spent":
            platform.drop_buttons(chat.external_id, row.edit or "")
            return Result(Note(row, "sent", "sent"))
        if row.kind == "withdraw":
            platform.take_back(chat.external_id, plain(row.body)["messages"])
            return Result(Note(row, "sent", "sent"))
        if row.kind == "leave":
            platform.leave(chat.external_id)
            return Result(Note(row, "sent", "sent"))
        return self._message(platform, ready)

    def _message(self, platform: Platform, ready: Ready) -> Result:
        row, chat, message = ready.row, ready.chat, ready.message
        assert message is not None, "rows of this kind carry a message"
        made = {one.id: columns for one in ready.files if (columns := self._made(one))}
        files = [replace(one, **_of_row(made[one.id])) if one.id in made else one for one in ready.files]
        repost = row.purpose == "repost" or (row.kind == "card" and ready.card is None)
        edited = None if repost else ready.answered
        thread = row.thread or (ready.card.thread if ready.card else None)
        if row.kind == "card" and repost and not thread and chat.forum and platform.capabilities.topics:
            thread = self._topic(platform, chat, message)
        outgoing = Outgoing(
            chat.external_id,
            chat.kind == "group",
            message,
            chat.language,
            files=() if edited else self._files(files),
            thread=thread,
            reply_to=row.reply_to or (ready.card.message if row.kind == "send" and ready.card else None),
            edit=edited.message if edited and platform.capabilities.edits else None,
            edit_media=bool(edited and edited.captioned),
            links=self._links(platform, row, message),
        )
        try:
            sent = platform.send(outgoing)
        except TopicGone:
            sent = platform.send(replace(outgoing, thread=None))
            thread = None
        rendered = "\n".join(self._paragraphs(chat.language, message))
        paid = f"paid {ready.answer.price} VND" if isinstance(ready.answer, Send) and ready.answer.price else ""
        note = Note(row, "sent", "sent", paid, sent_ids=dump(sent.ids), rendered=rendered)
        window = platform.capabilities.window
        counted = window is not None and window.free_replies is not None and chat.kind != "group"
        return Result(
            note,
            post=self._post(ready, sent, thread),
            repost=row.kind == "card" and repost,
            changes={"said": (chat.said or 0) + len(sent.ids)} if counted else None,
            reached=True,
            made=made,
        )

    def _made(self, file: AttachmentRow) -> dict[str, Any]:
        """The columns of a picture of ours that is wanted for the first time."""
        return pairs.make(self.tools, file) if pairs.is_pair(file) and file.status == "waiting" else {}

    def _links(self, platform: Platform, row: OutboxRow, message: Message) -> tuple[tuple[Value, str], ...]:
        """Addresses made now, so that they are good for as long as they can be; none without a public address.

        Where a card has buttons and is kept up to date, nobody needs the case's page.
        """
        pages, can = self.tools.pages, platform.capabilities
        if pages is None:
            return ()
        wanted = (link for link in message.links if link.page != "case" or not (can.buttons and can.edits))
        made = ((link.label, pages.address(link.page, row.chat_id, row.case_id, link.draft)) for link in wanted)
        return tuple((label, address) for label, address in made if address)

    def _paragraphs(self, language: str, message: Message) -> Iterable[str]:
        return (self.tools.words.text(language, line.key, line.values) for line in message.lines)

    def _topic(self, platform: Platform, chat: ChatRow, message: Message) -> str | None:
        """A topic of its own for the case; without the right to make one, the case stays in the general one."""
        title = next(iter(self._paragraphs(chat.language, message)), "")
        try:
            return platform.open_topic(chat.external_id, title[:120])
        except (SendLater, SendNever, SendUnknown) as trouble:
            log.warning("topic.refused", chat_id=chat.id, code=trouble.code)
            return None

    def _files(self, rows: Sequence[AttachmentRow]) -> tuple[File, ...]:
        found = []
        for row in pairs.to_send(rows):
            key = row.shown or row.original
            if row.status != "kept" or not key:
                continue
            try:
                content = self.tools.media.get(key)
            except MediaGone:
                log.error("media.gone", attachment=row.id)  # the words go out without it
                continue
            mime = SHOWN_MIME if row.shown else row.mime or ""
            found.append(File(row.kind, content, mime, name=row.id[:8]))
        return tuple(found)

    def _post(self, ready: Ready, sent: Sent, thread: str | None) -> dict[str, Any] | None:
        row, message = ready.row, ready.message
        if not sent.ids or message is None or (row.case_id is None and ready.chat.kind != "group"):
            return None
        buttons = tuple(button for line in message.buttons for button in line)
        return {
            "chat_id": row.chat_id,
            "message": sent.ids[-1],
            "case_id": row.case_id,
            "purpose": "card" if row.kind == "card" else row.purpose,
            "offered": dump(buttons) if buttons else None,
            "captioned": sent.captioned,
            "thread": thread,
            "current": row.kind == "card",
        }

    def _forget(self, row: OutboxRow) -> Result:
        """Delete bytes that an erased person alone had sent."""
        keys = plain(row.body)["keys"]
        with self.tools.store.read() as uow:
            unused = [key for key in keys if uow.attachments.uses(key) == 0]
        for key in unused:
            self.tools.media.delete(key)
        return Result(Note(row, "sent", "sent"))

    def _later(self, row: OutboxRow, seconds: float, code: str, *, counts: bool = True) -> Result:
        """Not now. A platform that is away for hours costs nothing but time: only days make us give up."""
        wait = max(timedelta(seconds=seconds), _backoff(row.attempts)) if counts else timedelta(seconds=seconds)
        status = self._next(row) if counts else "new"
        return Result(Note(row, status, "later", code, due_at=self.tools.clock.now() + wait, counts=counts))

    def _unknown(self, row: OutboxRow, code: str) -> Result:
        """Nobody knows whether it arrived: it is sent again, after a while that grows with the attempts."""
        due = self.tools.clock.now() + _backoff(row.attempts)
        return Result(Note(row, self._next(row), "unknown", code, due_at=due))

    def _broken(self, row: OutboxRow, code: str) -> Result:
        """The mistake is ours: after some attempts the row is set aside, so that it holds up its chat no longer."""
        status = "dead" if row.attempts >= self.tools.road.send_attempts else "new"
        return Result(Note(row, status, "later", code, due_at=self.tools.clock.now() + _backoff(row.attempts)))

    def _next(self, row: OutboxRow) -> str:
        """Given up only after days; one that an administrator revived has its first attempts again."""
        old = self.tools.clock.now() >= row.created_at + self.tools.road.give_up
        return "dead" if old and row.attempts > FIRST_ATTEMPTS else "new"


def _of_row(columns: dict[str, Any]) -> dict[str, Any]:
    """What sending needs to know of a picture that was made just now."""
    return {name: columns.get(name) for name in ("status", "shown", "mime")}


def _backoff(attempts: int) -> timedelta:
    """2, 4, 8 … seconds, at most five minutes."""
    return min(timedelta(seconds=2 ** min(attempts, 10)), timedelta(minutes=5))


@frozen
class _Read:
    """A row's body, decoded: the message, the attachments that it needs, or why it cannot be read."""

    message: Message | None = None
    attachments: tuple[str, ...] = ()
    problem: str = ""


def ready(uow: UnitOfWork, rows: Sequence[OutboxRow]) -> list[Ready]:
    """Rows with everything that sending them needs. One that cannot be read holds up no other."""
    chats = uow.chats.get(list({row.chat_id for row in rows}))
    bodies = [_read(row) for row in rows]
    uow.attachments.get([one for body in bodies for one in body.attachments])  # all at once; below they are known
    return [_loaded(uow, row, chats[row.chat_id], body) for row, body in zip(rows, bodies, strict=True)]


def _read(row: OutboxRow) -> _Read:
    try:
        if row.kind == "fetch" and row.body:
            return _Read(attachments=(plain(row.body)["attachment"],))
        if row.kind in {"send", "card"} and row.body:
            message = load(row.body, Message)
            return _Read(message, message.media)
    except (ValueError, TypeError, KeyError) as error:
        log.error("outbox.unreadable", outbox_id=row.id, kind=type(error).__name__)
        return _Read(problem=f"unreadable {type(error).__name__}")
    return _Read()


def _loaded(uow: UnitOfWork, row: OutboxRow, chat: ChatRow, body: _Read) -> Ready:
    if not row.body:
        return Ready(row, chat, skip="erased")
    if body.problem:  # it is put off, and set aside at its last attempt
        return Ready(row, chat, problem=body.problem)
    files = tuple(uow.attachments.get(body.attachments).values())
    message = body.message
    if message is None:
        return Ready(row, chat, files=files, skip="attachment gone" if body.attachments and not files else "")
    card = uow.posts.card(row.case_id, chat.id) if row.case_id is not None and chat.kind == "group" else None
    if row.kind == "card":
        late = row.purpose != "repost" or row.held_for is not None
        skip = "a newer card follows" if late and uow.outbox.newer_card(row) else ""
        return Ready(row, chat, message, files, card, card, skip)
    edited = uow.posts.find(chat.id, row.edit) if row.edit else None
    if row.edit and edited is None:
        edited = PostRow(chat.id, row.edit, row.case_id, row.purpose, None, False, row.thread, row.created_at)
    return Ready(row, chat, message, files, card, edited)
