"""Who is reminded: the group that must act, its head, the unit above it; whoever may not see a case never is."""

from __future__ import annotations

from handlers.duty import heads
from handlers.forecast import channel_of, down
from handlers.inspection_line import knows
from handlers.rights import sees
from handlers.tools import Tools
from handlers.views import agency_names
from storage.cases import CaseRow
from storage.chats import ChatRow
from storage.unit_of_work import UnitOfWork
from workflows.case.model import Case
from workflows.case.notices import holding
from workflows.case.policy import To
from workflows.case.running import Running
from workflows.case.view import Names
from workflows.effects import ToAgency
from workflows.frozen import frozen
from workflows.notifier.channels import Terms, terms


@frozen
class Addressed:
    """One chat, and whom the words address there: "" (the group), ``head`` or ``leader`` by role, ``parent``."""

    chat: ChatRow
    to: str = ""
    unit: Names | None = None


def addressees(tools: Tools, uow: UnitOfWork, row: CaseRow, run: Running, to: To) -> list[Addressed]:
    """The chats in which a rung of the ladder is said; none where nobody can be reached."""
    if to == "holder":
        as_head = "head" if run.clock == "check" else ""
        return [Addressed(chat, as_head) for chat in holder_groups(uow, row.case, run)]
    if run.keeper == "operators" or not isinstance(holding(row.case), ToAgency) or row.case.agency_id is None:
        return _of_head(tools, uow, row.case, run, None)
    if to == "head":
        return _of_head(tools, uow, row.case, run, row.case.agency_id)
    return _above(uow, row.case, row.case.agency_id) or _of_head(tools, uow, row.case, run, None)


def holder_groups(uow: UnitOfWork, case: Case, run: Running) -> list[ChatRow]:
    """The groups of whoever must keep the clock; the operators' where a unit has none."""
    to = holding(case)
    groups = uow.chats.of_agency(to.agency_id) if isinstance(to, ToAgency) and run.keeper == "holder" else []
    return [chat for chat in groups or uow.chats.of_operators() if _hears(chat, case)]


def _hears(chat: ChatRow, case: Case) -> bool:
    """Whether the group sees the case, or must at least decide where it goes (R61)."""
    return sees(chat, case) or knows(chat, case)


def _of_head(tools: Tools, uow: UnitOfWork, case: Case, run: Running, agency_id: int | None) -> list[Addressed]:
    """The head in private where we may write there, else the group with the head named by role.

    Of the operations team the head is the leader, who stands above all agencies.
    """
    to, unit = ("leader", None) if agency_id is None else ("head", agency_names(uow, agency_id))
    private = [] if case.sensitive else _private_chats(tools, uow, agency_id)
    groups = uow.chats.of_agency(agency_id) if agency_id is not None else uow.chats.of_operators()
    found = private or [chat for chat in groups or uow.chats.of_operators() if _hears(chat, case)]
    return [Addressed(chat, to, unit) for chat in found]


def _above(uow: UnitOfWork, case: Case, agency_id: int) -> list[Addressed]:
    """The groups of the unit above, which answers for those below it (R78); never of a case about officials."""
    agency = uow.agencies.get(agency_id)
    if case.sensitive or agency is None or agency.parent_id is None:
        return []
    unit = agency_names(uow, agency.parent_id)
    return [Addressed(chat, "parent", unit) for chat in uow.chats.of_agency(agency.parent_id)]


def _private_chats(tools: Tools, uow: UnitOfWork, agency_id: int | None) -> list[ChatRow]:
    """One chat of each who acts as head now, to whom something can be written for nothing."""
    found = heads(uow, agency_id, tools.clock.now())
    chats = uow.chats.of_people(found) if found else {}
    reached = ([chat for chat in own if _takes(tools, uow, chat)] for own in chats.values())
    return [own[0] for own in reached if own]


def _takes(tools: Tools, uow: UnitOfWork, chat: ChatRow) -> bool:
    platform = tools.platforms.get(chat.platform)
    if platform is None or chat.status != "open":
        return False
    windows = {chat.platform: platform.capabilities.window}
    return terms(channel_of(chat, windows, down(uow)), tools.clock.now()) is Terms.FREE
