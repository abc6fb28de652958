"""A place pointed at on our map page: kept in the inbox of its chat, where it is worked like anything said there."""

from __future__ import annotations

from enum import Enum

from handlers.tools import Tools
from storage.chats import ChatRow
from storage.codec import dump, load
from storage.unit_of_work import UnitOfWork
from workflows.conversation.facts import Located
from workflows.conversation.state import Dialog
from workflows.events import AddressSent, Place, PlaceSent
from workflows.frozen import frozen

KIND = "page"  # of the rows in the inbox
MOST = 20  # sendings for one draft; whoever wants more has the chat


@frozen
class Pointed:
    """What the page sends: a point in degrees with or without words beside it, or an address alone."""

    draft: int
    lat: float | None = None
    lon: float | None = None
    address: str = ""

    def event(self) -> PlaceSent | AddressSent:
        """What happened, in the words of the rules."""
        if self.lat is None or self.lon is None:
            return AddressSent(self.address, self.draft)
        return PlaceSent(Place(self.lat, self.lon, self.address), self.draft)


@frozen
class Standing:
    """What the page must know before it is shown; nothing that the citizen said, for links can be passed on.

    ``open``: the link's draft is still being made. ``number``: that of the next sending; None: there were enough.
    """

    platform: str
    language: str
    open: bool
    number: int | None


class Kept(Enum):
    """What became of a sending."""

    KEPT = "kept"
    KNOWN = "known"  # we had it already
    TOO_MANY = "too_many"
    GONE = "gone"  # there is no such chat any more


def standing(tools: Tools, chat_id: int, draft: int) -> Standing | None:
    """Where the draft of a link stands; None when its chat is gone (erased)."""
    with tools.store.read() as uow:
        chat = _chat(uow, chat_id)
        if chat is None or chat.person_id is None:
            return None
        names = _names(chat_id, draft)
        sent = uow.inbox.payloads(chat.platform, names)
        state = uow.dialogs.get(chat_id, chat.person_id)
    number = next((number for number, name in enumerate(names, start=1) if name not in sent), None)
    dialog = load(state, Dialog) if state else Dialog()
    return Standing(chat.platform, chat.language, dialog.drafting and dialog.serial == draft, number)


def keep(tools: Tools, chat_id: int, number: int, pointed: Pointed) -> Kept:
    """Keep one sending of a page in the order of its chat, and ring. What becomes of it, the chat is told.

    Safe to repeat: ``number`` is the sending's own, and the same once more changes nothing. Another place under a
    number that is taken (the page was open twice) is kept under the next one.
    """
    payload = dump(pointed)
    with tools.store.write() as uow:
        chat = _chat(uow, chat_id)
        if chat is None or chat.person_id is None:
            return Kept.GONE
        kept = _keep(uow, chat, _names(chat_id, pointed.draft)[number - 1 :], payload, tools)
    if kept is Kept.KEPT:
        tools.bell.ring()
    return kept


def _keep(uow: UnitOfWork, chat: ChatRow, names: list[str], payload: str, tools: Tools) -> Kept:
    for name in names:
        if uow.inbox.keep(chat.platform, name, chat.external_id, payload, tools.clock.now(), KIND):
            return Kept.KEPT
        if uow.inbox.payloads(chat.platform, [name]).get(name) == payload:
            return Kept.KNOWN
    return Kept.TOO_MANY


def event_in(payload: str) -> PlaceSent | AddressSent:
    """What a kept row says. Raises msgspec.ValidationError for one that is not ours."""
    return load(payload, Pointed).event()


def where(tools: Tools, lat: float, lon: float) -> Located:
    """Which area a point lies in, to be shown while it is being moved; decided only when it was sent."""
    with tools.store.read() as uow:
        return tools.knowledge.locate(uow, lat, lon)


def outlines(tools: Tools) -> str:
    """The areas we serve, as GeoJSON."""
    with tools.store.read() as uow:
        return tools.knowledge.outlines(uow)


def _chat(uow: UnitOfWork, chat_id: int) -> ChatRow | None:
    """A citizen's own chat; pages are for nobody else."""
    chat = uow.chats.get([chat_id]).get(chat_id)
    return chat if chat is not None and chat.kind == "private" else None


def _names(chat_id: int, draft: int) -> list[str]:
    """The ids of all the sendings there may be for one draft."""
    return [f"map:{chat_id}:{draft}:{number}" for number in range(1, MOST + 1)]
