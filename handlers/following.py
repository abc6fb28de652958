"""A reporter without a chat comes to one: by the code and what only they can know, their case is theirs here."""

from __future__ import annotations

import hmac
from datetime import timedelta

from handlers.linking import NotLinked, join
from handlers.turn import Turn
from storage.cases import CaseRow
from storage.pages import PageStore
from storage.sources import SourceStore
from workflows import codes
from workflows.conversation.steps.contact import phone_in
from workflows.effects import FollowCase
from workflows.messages import say, text
from workflows.notifier.channels import BY_PHONE

TRIES = 5  # wrong ones of one person, or for one case, within the window
WINDOW = timedelta(hours=1)
OF_A_CASE = timedelta(days=1)  # a case has few reporters, and strangers may come from many accounts


def follow(turn: Turn, effect: FollowCase) -> int | None:
    """Make a case the person's own who proves to have reported it. Returns its id.

    Of all that can be wrong they learn only that something is: neither whether there is such a case, nor that there is
    a number with it. Tries are counted for the person and for the case.
    """
    if turn.person is None or turn.chat.kind != "private":
        return None
    pages, mine = PageStore(turn.uow), f"follow:{turn.person.id}"
    if pages.count_try(mine, turn.now, WINDOW) > TRIES:
        turn.answer(say("follow.too_many"))
        return None
    code = codes.parse(effect.code, turn.tools.case_prefix)
    row = turn.uow.cases.by_code(code) if code else None
    theirs = f"follow:case:{row.id}" if row else ""
    if row is not None and turn.person.id in row.case.reporters:
        pages.forgive(mine)
        return row.id
    if row is None or pages.count_try(theirs, turn.now, OF_A_CASE) > TRIES or not _proves(turn, row, effect.proof):
        turn.answer(say("follow.wrong"))
        return None
    if not _made_theirs(turn, row):
        return None
    pages.forgive(mine)
    pages.forgive(theirs)
    turn.answer(say("follow.done", code=text(row.case.code)))
    return row.id


def _proves(turn: Turn, row: CaseRow, proof: str) -> bool:
    """Whether it is the phone number that was left, or the secret of the slip; only while nobody has a chat for it."""
    home = turn.uow.chats.get([row.home_chat_id]).get(row.home_chat_id)
    if home is None or home.platform != BY_PHONE or row.case.reporter_id is None:
        return False
    phone = phone_in(proof)
    if phone is not None:
        left = [one["text"] for one in turn.uow.cases.words_of_case(row.id) if one["kind"] == "phone" and one["text"]]
        return any(hmac.compare_digest(phone.encode(), one.encode()) for one in left)
    return SourceStore(turn.uow).spend_secret(row.id, _secret(proof), turn.now)


def _secret(proof: str) -> str:
    """As it stands on the slip, however it was typed."""
    symbols = "".join(letter for letter in proof.upper() if letter.isalnum())
    return f"{symbols[:4]}-{symbols[4:]}"


def _made_theirs(turn: Turn, row: CaseRow) -> bool:
    reporter = row.case.reporter_id
    if reporter is None:
        return False
    try:
        join(turn, reporter)
    except NotLinked:
        turn.answer(say("follow.wrong"))
        return False
    turn.uow.cases.move_home(row.id, turn.chat.id)
    return True
