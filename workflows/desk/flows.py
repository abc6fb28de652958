"""What each button of a card leads to, as one table: what is collected, in which order."""

from __future__ import annotations

from typing import Literal

from workflows.actions import Action
from workflows.case.model import OUTCOMES, PROMISED
from workflows.case.reasons import (
    AFTER_PHOTO_OUTCOMES,
    CANCEL_BY_HAND,
    EXTENSION_REASONS,
    NOT_POSSIBLE,
    OBSTACLES,
    REFER_REASONS,
    SANCTION,
    TRANSFER_REASONS,
)
from workflows.case.support import DECLINE_REASONS
from workflows.desk.state import Draft
from workflows.frozen import frozen

Asked = Literal[
    "agency", "helper", "outcome", "tick", "decision", "fine", "reason", "days", "category", "place", "area", "date",
    "document", "body", "case", "words", "preview",
]  # fmt: skip

BLOCK = "block"  # not a move of the case: an operator's right over its reporter
BLOCK_DAYS = (1, 3, 7, 30)
EXTEND_BY = (3, 5, 10, 20)  # working days that are offered; any other day is typed
SUPPORT_WITHIN = (1, 2, 3, 5)  # the same for help, from today
MEANWHILE = ("on_the_way", "on_site", "guarded")  # ready words to the citizen about an urgent case
STOCK = (Action.ASK, Action.SUBMIT_RESULT, Action.REPLY)  # what a unit has stock replies for (R43)
OWN_WORDS = "other"  # the reason that must be put into words


@frozen
class Flow:
    """``asks`` in order, ended by the preview where words leave the group. No ``asks``: one tap does it.

    ``media``: photos and videos belong to it. ``branch``: the agency must be a unit under the one that
    holds the case; ``any_unit``: it is only named. ``instruments``: units that own measuring instruments are
    offered for them. ``ahead``: a day counts from today, not from the case's due date.
    """

    asks: tuple[Asked, ...] = ()
    media: bool = False
    branch: bool = False
    any_unit: bool = False
    instruments: bool = False
    ahead: bool = False


FLOWS: dict[str, Flow] = {
    Action.CLAIM: Flow(),
    Action.REWORK: Flow(),
    Action.ACCEPT_RESULT: Flow(("tick", "preview")),
    Action.ASK: Flow(("words", "preview")),
    Action.ANSWER: Flow(),  # an operator goes on without the citizen's answer (T4)
    Action.SUBMIT_RESULT: Flow(
        ("outcome", "reason", "decision", "fine", "date", "words", "preview"), media=True, ahead=True
    ),
    Action.RETURN_RESULT: Flow(("words", "preview")),
    Action.UPHOLD: Flow(("words", "preview")),
    Action.CANCEL: Flow(("reason", "words", "preview")),
    Action.ASSIGN: Flow(("agency",)),
    Action.DELEGATE: Flow(("agency",), branch=True),
    Action.REQUEST_TRANSFER: Flow(("agency", "reason", "words", "preview")),
    Action.TRANSFER: Flow(("agency",)),
    Action.REFUSE_TRANSFER: Flow(("words", "preview")),
    Action.CORRECT_CATEGORY: Flow(("category",)),
    Action.CORRECT_PLACE: Flow(("place", "area")),
    Action.SET_URGENT: Flow(("words", "preview")),
    Action.CLEAR_URGENT: Flow(("words", "preview")),
    Action.TAKE_CALL: Flow(),
    Action.INTERIM: Flow(("words", "preview")),
    Action.MAKE_SAFE: Flow(("words", "preview")),
    Action.MERGE: Flow(("case", "preview")),
    Action.PROPOSE_CANCEL: Flow(("reason", "words", "preview")),
    Action.PROPOSE_MERGE: Flow(("case", "preview")),
    Action.REFUSE_PROPOSAL: Flow(("words", "preview")),
    Action.UNMERGE: Flow(("words", "preview")),
    Action.REFER_OUT: Flow(("body", "reason", "words", "preview")),
    Action.TAKE_BACK: Flow(("words", "preview")),
    Action.REQUEST_EXTENSION: Flow(("date", "document", "reason", "words", "preview"), media=True),
    Action.GRANT_EXTENSION: Flow(("preview",)),
    Action.REFUSE_EXTENSION: Flow(("words", "preview")),
    Action.RESUME: Flow(),
    Action.REVIVE: Flow(),
    Action.CLOSE_FINALLY: Flow(("words", "preview")),
    Action.KEEP_PROMISE: Flow(("words", "preview"), media=True),
    Action.REPLY: Flow(("words", "preview")),
    Action.ASK_SUPPORT: Flow(("agency", "date", "words", "preview"), instruments=True, ahead=True),
    Action.ANSWER_SUPPORT: Flow(("words", "preview"), media=True),
    Action.DECLINE_SUPPORT: Flow(("reason", "words", "preview")),
    Action.WAIVE_SUPPORT: Flow(("helper", "words", "preview")),
    Action.CLEAR_SENSITIVE: Flow(("words", "preview")),
    Action.NAME_UNIT: Flow(("agency",), any_unit=True),
    Action.CHAIN: Flow(),
    Action.UNCHAIN: Flow(),
    BLOCK: Flow(("days", "words", "preview")),
}

# The codes that may be chosen; their words are in the catalogue under these names.
REASONS: dict[str, tuple[str, ...]] = {
    Action.CANCEL: CANCEL_BY_HAND,
    Action.PROPOSE_CANCEL: CANCEL_BY_HAND,
    Action.REQUEST_TRANSFER: TRANSFER_REASONS,
    Action.REFER_OUT: REFER_REASONS,
    Action.SUBMIT_RESULT: OBSTACLES,
    Action.REQUEST_EXTENSION: EXTENSION_REASONS,
    Action.DECLINE_SUPPORT: DECLINE_REASONS,
}
REASON_LABEL: dict[str, str] = {
    Action.CANCEL: "cancel",
    Action.PROPOSE_CANCEL: "cancel",
    Action.REQUEST_TRANSFER: "transfer",
    Action.SUBMIT_RESULT: "obstacle",
    Action.REFER_OUT: "refer",
    Action.REQUEST_EXTENSION: "extension",
    Action.DECLINE_SUPPORT: "decline",
}
RESULTS = OUTCOMES


def needs_photo(draft: Draft) -> bool:
    """Whether this result is not believed without a picture and has none yet (invariant 5)."""
    return draft.outcome in AFTER_PHOTO_OUTCOMES and not draft.media


def next_ask(draft: Draft) -> Asked | None:
    """The first thing that the draft still lacks; None when the move can be tried."""
    return next((ask for ask in FLOWS[draft.verb].asks if not _done(draft, ask)), None)


def _done(draft: Draft, ask: Asked) -> bool:
    match ask:
        case "agency" | "helper":
            return draft.agency_id is not None
        case "outcome":
            return bool(draft.outcome)
        case "reason":
            needless = draft.verb == Action.SUBMIT_RESULT and draft.outcome != NOT_POSSIBLE
            return bool(draft.reason) or needless
        case "tick":
            return draft.ticked
        case "decision":
            return draft.outcome != SANCTION or bool(draft.reference)
        case "fine":
            return draft.outcome != SANCTION or draft.fine is not None
        case "days":
            return draft.days > 0
        case "category":
            return bool(draft.category)
        case "place":
            return draft.place is not None or bool(draft.text) or draft.area_only
        case "area":
            return draft.area_known
        case "date":
            return bool(draft.until) or (draft.verb == Action.SUBMIT_RESULT and draft.outcome != PROMISED)
        case "document":
            return bool(draft.reference or draft.media)
        case "body":
            return bool(draft.reference)
        case "case":
            return draft.other_id is not None
        case "words":
            return _said(draft) and not needs_photo(draft)
        case "preview":
            return False  # only the person's own tap ends it


def _said(draft: Draft) -> bool:
    """A transfer's reason may be a code alone; everything else is put into words."""
    code_alone = draft.verb == Action.REQUEST_TRANSFER and draft.reason not in ("", OWN_WORDS)
    return bool(draft.text) or code_alone
