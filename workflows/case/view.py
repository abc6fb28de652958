"""A case as people see it: the facts together with the names and words that the store keeps beside them."""

from __future__ import annotations

from datetime import datetime

from workflows.case.model import RATINGS, Case
from workflows.frozen import frozen
from workflows.messages import Line


@frozen
class Names:
    """A thing's name in Vietnamese and English."""

    vi: str
    en: str


@frozen
class TaskView:
    """A support task with its words and the unit's name."""

    agency_id: int
    agency: Names
    state: str
    due: datetime
    text: str
    answer: str = ""
    instrument: str = ""
    reason: str = ""


@frozen
class Twin:
    """Another case that is spoken of on this one's card; ``ended_at`` of one that has a result."""

    id: int
    code: str
    ended_at: datetime | None = None


@frozen
class CaseView:
    """What cards and notices are made of. Never holds who the reporter is.

    Erased words are "". ``media`` and ``result_media`` are attachment ids that can be shown. ``holder_name`` is the
    officer's, for colleagues only. ``now`` is the moment of the event being told.
    """

    id: int
    case: Case
    now: datetime
    category: Names
    category_group: Names
    area: Names | None = None
    agency: Names | None = None
    proposed_agency: Names | None = None
    holder_name: str = ""
    text: str = ""
    address: str = ""
    lat: float | None = None
    lon: float | None = None
    media: tuple[str, ...] = ()
    question_text: str = ""
    result_text: str = ""
    result_media: tuple[str, ...] = ()
    pair: str = ""  # before and after in one picture: made, or being made
    decision_text: str = ""  # number of the decision of a sanction
    last_words: str = ""  # words of the event being told: a reason, an answer, a complaint
    working_days_left: int | None = None  # until resolve_due; negative when late
    degree: int = 0  # how far it is overdue, in terms
    answer_text: str = ""  # the citizen's last answer to a question
    complaint_text: str = ""  # the citizen's last "not solved"
    transfer_text: str = ""  # words of Case.transfer_words
    master_code: str = ""  # of the case that a merged one follows
    master_due: datetime | None = None  # and when that one is due
    extension_text: str = ""  # what the citizen reads or will read about an extension
    document_text: str = ""  # number of the report to the competent authority
    outside_text: str = ""  # the body outside to which the case was referred
    thread_text: str = ""  # the citizen's message that waits for an answer
    supervisor: Names | None = None  # of the enterprise that holds the case
    proposal_text: str = ""  # words of Case.proposal_words
    proposal_code: str = ""  # of the case that would go on
    revival_text: str = ""  # why a cancelled case should be taken up again
    banners: tuple[Line, ...] = ()  # storms over the case's area: what its reporter reads with the receipt
    levels: tuple[int, ...] = RATINGS  # of rating, best first, by the policy of the case
    tasks: tuple[TaskView, ...] = ()  # what other units were asked for
    no_chat: bool = False  # of its reporter, who is told by telephone
    source_number: str = ""  # which it has in the channel that it came by, where an operator took it down
    brought_texts: tuple[str, ...] = ()  # what those wrote who joined, oldest first
    alike: tuple[Twin, ...] = ()  # open cases that may be the same matter
    earlier: tuple[Twin, ...] = ()  # cases of the same subject that ended at this spot, newest first
    alarm: int = 0  # from which time on the head hears of it, by the policy; 0 where that is not asked
    turn: int = 0  # which time it is at this spot, by a confirmed chain; 0 when it is in none
    last_media: tuple[str, ...] = ()  # media of the event being told: a photo sent with an answer or a complaint
    concerned: Names | None = None  # the unit that a sensitive case is about (R61); for the inspection line only
    concerned_text: str = ""  # what the reporter called it
