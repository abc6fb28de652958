"""What the operators may know of a case that only the inspection line reads: that it is there, and what to decide."""

from __future__ import annotations

from dataclasses import replace

from workflows.actions import Action
from workflows.case.cards import FIRST, holder, promise, rows, state_word
from workflows.case.moves import button_of
from workflows.case.view import CaseView, Names
from workflows.messages import Line, Message, choice, text

LOCKED = Names("🔒", "🔒")  # stands where the case's field and place would stand


def sealed(view: CaseView) -> CaseView:
    """The case without what it is about: its code, where it stands and its dates are left."""
    case = replace(
        view.case,
        reporter_type="",
        category="",
        area="",
        concerned_id=None,
        concerned_words="",
        words="",
        position="",
        media=(),
        flags=(),
        outcome="",
        rating=None,
        transfer_reason="",
        cancel_reason="",
        extension_media=(),
        joined=(),
        tasks=(),
    )
    return CaseView(
        id=view.id,
        case=case,
        now=view.now,
        category=LOCKED,
        category_group=LOCKED,
        agency=view.agency,
        proposed_agency=view.proposed_agency,
        working_days_left=view.working_days_left,
        levels=view.levels,
    )


def sealed_card(view: CaseView, actions: tuple[Action, ...]) -> Message:
    """The operators' card of such a case; its buttons are what they decide about it."""
    case = view.case
    values = {"code": text(case.code), "state": state_word(case.state), "agency": holder(view)}
    lines = [Line("sealed.head", values), Line("sealed.standing" if view.agency else "sealed.unassigned", values)]
    due = case.resolve_due or case.forward_due
    if due is not None:
        lines.append(Line("sealed.due", {"due": promise(due)}))
    if case.extension_until is not None:
        lines.append(Line("sealed.extension", {"asked_due": promise(case.extension_until)}))
    ordered = sorted(actions, key=lambda action: action not in FIRST)
    buttons = [choice(f"d:{view.id}:{action.value}", button_of(action)) for action in ordered if button_of(action)]
    return Message((*lines, Line("sealed.why")), buttons=rows(buttons))
