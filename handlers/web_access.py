"""Who may open the page of a case: the link is seen by a whole group, so an officer's own PIN or code goes with it."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import secrets
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from handlers.administration import ACTOR, Refused, case_by_code
from handlers.ports import SendLater, SendNever, SendUnknown
from handlers.rights import duty_roles, looks
from handlers.tools import Tools
from storage.cases import CaseRow
from storage.chats import ChatRow
from storage.codec import dump
from storage.pages import PageStore, SessionRow
from storage.people import PersonRow
from storage.unit_of_work import UnitOfWork
from workflows.case.model import Role
from workflows.desk.state import Desk
from workflows.effects import Lane
from workflows.frozen import frozen
from workflows.messages import say, text

log = structlog.get_logger()

IDLE = timedelta(minutes=30)  # without a step, a session is over
LONGEST = timedelta(hours=8)
BY_PIN, BY_CODE = "pin", "code"  # how an officer came in; the cookie says it, and another word would be another cookie
CODE_LASTS = timedelta(minutes=10)
CODE_DIGITS = 6
PIN_SHORTEST, PIN_LONGEST = 6, 12  # digits
TRIES, TRIES_WITHIN = 5, timedelta(minutes=15)  # of one officer's number at one group
LINK_TRIES, LINK_TRIES_WITHIN = 30, timedelta(hours=1)  # of one link, whatever numbers are tried
CODES, CODES_WITHIN = 3, timedelta(minutes=15)  # one-time codes that are sent to one officer

# scrypt with 16 MB and about 50 ms: a stolen table of six-digit PINs is no longer read at a glance.
_COST, _BLOCK, _LANES, _SALT, _LENGTH = 2**14, 8, 1, 16, 32
_NOBODYS = f"{'0' * 2 * _SALT}:{'0' * 2 * _LENGTH}"  # compared where there is nothing, so that it takes as long


class LinkClosed(Exception):
    """The link opens nothing: taken back, or its group no longer has to do with the case."""


class SignedOut(Exception):
    """Nobody is signed in at this page, or not any more; ``key`` says so in the catalogue's words."""

    def __init__(self, key: str = "web_link.signed_out") -> None:
        super().__init__(key)
        self.key = key


class NotLetIn(Exception):
    """An attempt that was refused; ``key`` says in the catalogue's words what to do."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


@frozen
class WebLink:
    """What a link says: the group that it was made for, the case, and when."""

    chat_id: int
    case_id: int
    issued_at: datetime


@frozen
class Officer:
    """Somebody who may act for the link's group. ``account`` is theirs on the group's platform."""

    person: PersonRow
    roles: frozenset[Role]
    account: str


@frozen
class Entered:
    """A session that is good now, with everything it stands for.

    ``first``: that of the link at which the officer signed in, upon which the browser's others hang.
    """

    session: SessionRow
    first: SessionRow
    chat: ChatRow
    case: CaseRow
    officer: Officer


# --- the link ------------------------------------------------------------------------------------------------------


def opened(uow: UnitOfWork, link: WebLink) -> tuple[ChatRow, CaseRow]:
    """The group and the case of a link. Raises LinkClosed; a sensitive case is never opened by a link (R61)."""
    good_from = PageStore(uow).good_from(link.case_id, link.chat_id)
    chat = uow.chats.get([link.chat_id]).get(link.chat_id)
    row = uow.cases.get(link.case_id)
    if chat is None or row is None or (good_from is not None and link.issued_at < good_from):
        raise LinkClosed
    if chat.kind != "group" or row.case.sensitive or not looks(uow, chat, row.case):
        raise LinkClosed
    return chat, row


def group_of(uow: UnitOfWork, code: str) -> tuple[ChatRow, CaseRow]:
    """The group that a link to this case is made for: its agency's, or the operators'. Raises Refused."""
    row = case_by_code(uow, code)
    if row.case.sensitive:
        raise Refused(f"{code} là phản ánh nhạy cảm, không mở bằng liên kết", f"{code} is sensitive, no link opens it")
    agency_id = row.case.agency_id
    chats = uow.chats.of_agency(agency_id) if agency_id is not None else uow.chats.of_operators()
    if not chats:
        raise Refused(
            f"nơi đang giữ {code} chưa có nhóm nào; xem agencies link",
            f"who holds {code} has no group; see agencies link",
        )
    return chats[-1], row


def revoke(uow: UnitOfWork, code: str, now: datetime) -> int:
    """Take back every link to a case's page. Returns how many officers were signed in there. Raises Refused."""
    ended = PageStore(uow).revoke(case_by_code(uow, code).id, now)
    uow.registers.record(ACTOR, "web_link.revoked", code, now)
    return ended


# --- signing in ----------------------------------------------------------------------------------------------------


def sign_in(tools: Tools, link: WebLink, number: str, given: str) -> str:
    """Let an officer in by number and PIN or one-time code; what the cookie is to hold. Raises LinkClosed, NotLetIn.

    Every refusal sounds alike: nobody learns which numbers there are. Tries are counted before anything is compared.
    """
    now = tools.clock.now()
    with tools.store.write() as uow:
        chat, _ = opened(uow, link)
        allowed = _count(uow, link, number, now)
        officer = _officer_by_number(uow, chat, number, now)
        hashes = _hashes(uow, link, officer, now)
    if not allowed:
        log.warning("web_link.too_many", chat_id=link.chat_id, case_id=link.case_id)
        raise NotLetIn("web_link.too_many")
    right = [matches(given, hashed) for hashed in hashes]
    if officer is None or not any(right):
        log.warning("web_link.wrong", chat_id=link.chat_id, case_id=link.case_id)
        raise NotLetIn("web_link.wrong")
    if not _is_member(tools, chat, officer):
        raise NotLetIn("web_link.wrong")
    token = f"{BY_PIN if right[0] else BY_CODE}.{secrets.token_urlsafe(32)}"
    with tools.store.write() as uow:
        pages = PageStore(uow)
        if not right[0] and not pages.spend_code(officer.person.id, hashes[1]):
            raise NotLetIn("web_link.wrong")  # of two who used one code, one is let in
        pages.forgive(_subject(link, number))
        row = SessionRow(session_id(token), link.chat_id, link.case_id, officer.person.id, dump(Desk()), "[]", now, now)
        _begin(uow, row, now)
    return token


def good_everywhere(token: str) -> bool:
    """Whether what a cookie holds is good for every link of its officer: a one-time code is for its own link only."""
    return token.startswith(f"{BY_PIN}.")


def send_code(tools: Tools, link: WebLink, number: str) -> None:
    """Send an officer a one-time code into their own private chat, if there is one. Raises LinkClosed, NotLetIn.

    Whether there was anybody to send it to is not told.
    """
    now = tools.clock.now()
    with tools.store.write() as uow:
        opened(uow, link)
        pages = PageStore(uow)
        of_link = _count_link(pages, link, now)
        of_officer = pages.count_try(f"code {_subject(link, number)}", now, CODES_WITHIN) <= CODES
    if not (of_link and of_officer):
        log.warning("web_link.too_many", chat_id=link.chat_id, case_id=link.case_id)
        raise NotLetIn("web_link.too_many")
    digits = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    hashed = hash_of(digits)  # slow on purpose: before the transaction, and the same whether it is sent or not
    with tools.store.write() as uow:
        chat, row = opened(uow, link)
        pages = PageStore(uow)
        officer = _officer_by_number(uow, chat, number, now)
        home = pages.private_chat(officer.person.id, chat.platform) if officer else None
        if officer and home is not None:
            pages.keep_code(officer.person.id, link.chat_id, link.case_id, hashed, now + CODE_LASTS)
            message = say("web_link.code", digits=text(digits), code=text(row.case.code))
            uow.outbox.put(home, Lane.REPLY, "send", dump(message), now, expires_at=now + CODE_LASTS)
        uow.flush(now)
    tools.bell.ring()


def sign_out(tools: Tools, token: str) -> None:
    """End a browser's session at every link."""
    with tools.store.write() as uow:
        PageStore(uow).end(session_id(token))


def change_pin(tools: Tools, link: WebLink, token: str, given: str) -> None:
    """A new PIN of the officer who is signed in, and stays so in this browser. Raises like ``enter``, and NotLetIn."""
    if not good_pin(given):
        raise NotLetIn("web_link.pin_rule")
    hashed = hash_of(given)
    with tools.store.write() as uow:
        entered = enter(tools, uow, link, token)
        person_id, now = entered.officer.person.id, tools.clock.now()
        pages = PageStore(uow)
        pages.set_pin(person_id, hashed, now)
        for row in {row.id: row for row in (entered.first, entered.session)}.values():
            pages.begin(row)
        uow.registers.record(f"person:{person_id}", "pin.set", str(person_id), now)


def enter(tools: Tools, uow: UnitOfWork, link: WebLink, token: str, *, lock: bool = False) -> Entered:
    """Who is at the page now, looked at anew each time. Raises LinkClosed and SignedOut.

    Whether the officer is still in the group must have been asked before (``arrive``); it fails closed.
    """
    chat, row = opened(uow, link)
    now = tools.clock.now()
    first = _first(uow, token, now, lock=lock)  # first of all: what one browser does at two links goes one by one
    session = PageStore(uow).session(_session_here(first, link, token))
    if session is None:
        raise SignedOut
    officer = _officer(uow, chat, session.person_id, now)
    if officer is None or uow.chats.member(chat.id, officer.account, now - 2 * tools.road.membership) is not True:
        raise SignedOut
    return Entered(session, first, chat, row, officer)


def arrive(tools: Tools, link: WebLink, token: str) -> None:
    """An officer comes to a link: ask the platform whether they are in its group, where we have not just asked.

    Who signed in at another link with their PIN has a session here too from now on, which ends with that one.
    Raises SignedOut for who may not, LinkClosed, NotLetIn when the platform cannot say.
    """
    now = tools.clock.now()
    with tools.store.read() as uow:
        chat, _ = opened(uow, link)
        first = _first(uow, token, now)
        here = _session_here(first, link, token)
        known = PageStore(uow).session(here) is not None
        officer = _officer(uow, chat, first.person_id, now)
    if officer is None and first.chat_id != link.chat_id:
        raise SignedOut("web_link.other_agency")
    if officer is None or not _is_member(tools, chat, officer):
        raise SignedOut
    if known:
        return
    with tools.store.write() as uow:
        first = _first(uow, token, now, lock=True)
        if PageStore(uow).session(here) is None:  # two requests of one browser come at once
            new = replace(first, id=here, chat_id=link.chat_id, case_id=link.case_id, desk=dump(Desk()), shown="[]")
            _begin(uow, new, now)


def _first(uow: UnitOfWork, token: str, now: datetime, *, lock: bool = False) -> SessionRow:
    """The session that a cookie stands for, while it lasts: its time is that of all that hang on it."""
    first = PageStore(uow).session(session_id(token), lock=lock)
    if first is None or now >= min(first.seen_at + IDLE, first.created_at + LONGEST):
        raise SignedOut
    return first


def _session_here(first: SessionRow, link: WebLink, token: str) -> str:
    """Which session is the cookie's at this link. Raises SignedOut for a cookie that is good for another only."""
    if (first.chat_id, first.case_id) == (link.chat_id, link.case_id):
        return first.id
    if not good_everywhere(token):
        raise SignedOut
    return session_id(f"{token} {link.chat_id} {link.case_id}")


def _begin(uow: UnitOfWork, row: SessionRow, now: datetime) -> None:
    PageStore(uow).begin(row)
    uow.registers.record(f"person:{row.person_id}", "web_link.opened", str(row.case_id), now)
    log.info("web_link.opened", chat_id=row.chat_id, case_id=row.case_id, person_id=row.person_id)


def session_id(token: str) -> str:
    """What is kept of a cookie: who reads the database cannot use it."""
    return hashlib.sha256(token.encode()).hexdigest()


# --- PINs ----------------------------------------------------------------------------------------------------------


def new_pin() -> str:
    """A random PIN that is good."""
    while True:
        pin = f"{secrets.randbelow(10**PIN_SHORTEST):0{PIN_SHORTEST}}"
        if good_pin(pin):
            return pin


def good_pin(pin: str) -> bool:
    """Six to twelve digits that are not all in a row and not nearly all the same."""
    if not (pin.isascii() and pin.isdigit() and PIN_SHORTEST <= len(pin) <= PIN_LONGEST):
        return False
    steps = {(int(after) - int(before)) % 10 for before, after in itertools.pairwise(pin)}
    return len(set(pin)) > 2 and len(steps) > 1


def hash_of(secret: str) -> str:
    """Salt and scrypt, hexadecimal."""
    salt = secrets.token_bytes(_SALT)
    return f"{salt.hex()}:{_scrypt(secret, salt).hex()}"


def matches(secret: str, hashed: str) -> bool:
    """Whether the hash was made of ``secret``; takes the same time whatever it was made of."""
    salt, _, wanted = hashed.partition(":")
    return hmac.compare_digest(_scrypt(secret, bytes.fromhex(salt)), bytes.fromhex(wanted))


def _scrypt(secret: str, salt: bytes) -> bytes:
    return hashlib.scrypt(secret.encode(), salt=salt, n=_COST, r=_BLOCK, p=_LANES, dklen=_LENGTH)


# --- who -----------------------------------------------------------------------------------------------------------


def _officer_by_number(uow: UnitOfWork, chat: ChatRow, number: str, now: datetime) -> Officer | None:
    """An officer of the group's agency by the number that `staff list` shows."""
    if not (number.isascii() and number.isdigit() and len(number) <= 9):
        return None
    duties = uow.people.staff(None if chat.operators else chat.agency_id)
    person_id = next((one["person_id"] for one in duties if one["id"] == int(number)), None)
    return _officer(uow, chat, person_id, now) if person_id is not None else None


def _officer(uow: UnitOfWork, chat: ChatRow, person_id: int, now: datetime) -> Officer | None:
    """A confirmed member of the group's agency with an account on its platform; else None."""
    agency_id = None if chat.operators else chat.agency_id
    duty = next((one for one in uow.people.duties(person_id) if one.agency_id == agency_id), None)
    person = uow.people.get([person_id]).get(person_id)
    account = next((user for platform, user in uow.people.accounts(person_id) if platform == chat.platform), None)
    if duty is None or duty.status != "confirmed" or person is None or account is None or not chat.linked:
        return None
    return Officer(person, duty_roles(uow, chat, duty, now), account)


def _is_member(tools: Tools, chat: ChatRow, officer: Officer) -> bool:
    """Asked outside any transaction. Raises NotLetIn when nobody can say."""
    now = tools.clock.now()
    with tools.store.read() as uow:
        known = uow.chats.member(chat.id, officer.account, now - tools.road.membership)
    if known is None:
        known = _asked(tools, chat, officer.account, now)
    if known is None:
        raise NotLetIn("web_link.try_later")
    return known


def _asked(tools: Tools, chat: ChatRow, account: str, now: datetime) -> bool | None:
    platform = tools.platforms.get(chat.platform)
    if platform is None:
        return None
    try:
        present = platform.is_member(chat.external_id, account)
    except (SendLater, SendNever, SendUnknown) as trouble:
        log.warning("membership.unknown", chat_id=chat.id, code=trouble.code)
        return None
    with tools.store.write() as uow:
        uow.chats.know_member(chat.id, account, present, now)
    return present


def _hashes(uow: UnitOfWork, link: WebLink, officer: Officer | None, now: datetime) -> tuple[str, str]:
    """The PIN's and the code's hash; nobody's where there is none."""
    if officer is None:
        return _NOBODYS, _NOBODYS
    pages, person_id = PageStore(uow), officer.person.id
    return pages.pin(person_id) or _NOBODYS, pages.code(person_id, link.chat_id, link.case_id, now) or _NOBODYS


def _subject(link: WebLink, number: str) -> str:
    return f"officer {link.chat_id} {number[:9]}"


def _count(uow: UnitOfWork, link: WebLink, number: str, now: datetime) -> bool:
    """Count a try of this number and of this link; whether both may still be tried."""
    pages = PageStore(uow)
    of_link = _count_link(pages, link, now)
    return (pages.count_try(_subject(link, number), now, TRIES_WITHIN) <= TRIES) and of_link


def _count_link(pages: PageStore, link: WebLink, now: datetime) -> bool:
    return pages.count_try(f"link {link.chat_id} {link.case_id}", now, LINK_TRIES_WITHIN) <= LINK_TRIES
