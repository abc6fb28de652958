"""The case in values: its states, actions, roles, events, and the facts that its events add up to."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime
from enum import StrEnum
from typing import Any

from workflows.actions import Action
from workflows.frozen import frozen


class State(StrEnum):
    """Where a case stands; exactly one at a time (domain.md 5.5)."""

    RECEIVED = "received"
    NEED_INFO = "need_info"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    TRANSFER_REQUESTED = "transfer_requested"
    SCHEDULED = "scheduled"
    RESULT_SUBMITTED = "result_submitted"
    RESOLVED = "resolved"
    ANSWERED = "answered"
    REVIEW_REQUESTED = "review_requested"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    MERGED = "merged"
    REFERRED_OUT = "referred_out"


FINISHED = (State.RESOLVED, State.ANSWERED)  # the result is told, to be rated or disputed
ENDED = (State.CLOSED, State.CANCELLED, State.MERGED, State.REFERRED_OUT)
OVER = (*FINISHED, *ENDED)  # nobody works on it
WITH_RESULT = (*FINISHED, State.CLOSED)


class Role(StrEnum):
    """In what capacity somebody acts (domain.md 5.5)."""

    CITIZEN = "citizen"
    OPERATOR = "operator"
    FOCAL = "focal"
    OFFICER = "officer"
    HEAD = "head"
    ENTERPRISE = "enterprise"  # a member of an enterprise that does the work
    SUPERVISOR = "supervisor"  # of the agency that supervises an enterprise and checks its results
    LEADER = "leader"  # of the province, above all agencies
    INSPECTION = "inspection"  # a member of the inspection line, for cases about officials (R61)
    HELPER = "helper"  # an officer of a unit that was asked for a piece of work
    ADMIN = "admin"
    TIMER = "timer"


OUTCOMES = ("fixed", "partly_fixed", "nothing_found", "not_possible", "explained", "sanctioned", "promised")
PROMISED = "promised"  # the outcome that needs a day (R111)
CANCEL_REASONS = (
    "unclear",
    "no_place",
    "outside",
    "formal_complaint",
    "state_secret",
    "unlawful",
    "test_or_spam",
    "withdrawn",
    "no_answer",
)
RATINGS = (5, 4, 3, 2, 1)  # very satisfied … very dissatisfied (R107)


@frozen
class CaseEvent:
    """One thing that happened to a case; never edited. ``data`` holds codes, ids and instants only.

    Words, names, positions and media are pointed to by id (``words``, ``position``, ``media``) so that erasing a
    person leaves the history whole. ``move`` is the code in domain.md 5.6 ("T9"), or "" for a remark.
    """

    seq: int
    at: datetime
    action: Action
    move: str
    before: State | None
    after: State
    role: Role
    person_id: int | None
    agency_id: int | None  # for whom the person acted
    data: dict[str, Any] = field(default_factory=dict)


@frozen
class Task:
    """A support task: a piece of work that the unit with the case asks of another, by ``due`` (R47).

    ``state``: ``open``, ``done``, ``declined`` (with a reason), or ``dropped`` (the lead goes on without it, or the
    case has ended). ``words`` and ``answer`` point to erasable rows. ``instrument``: the kind of measuring instrument
    that is wanted, if one is.
    """

    agency_id: int
    asked_at: datetime
    due: datetime
    words: str
    instrument: str = ""
    state: str = "open"
    answer: str = ""
    media: tuple[str, ...] = ()
    reason: str = ""
    ended_at: datetime | None = None
    reminded: bool = False  # both units have heard that its term is over


@frozen
class Joint:
    """What somebody brought along who joined: ``words`` and ``media`` point to erasable rows of ``case_id``."""

    case_id: int
    words: str = ""
    media: tuple[str, ...] = ()


@frozen
class Case:
    """What a case's events add up to; rebuilt from them exactly (invariant 8). ``version`` is the last event's seq."""

    code: str
    state: State
    version: int
    opened_at: datetime
    reporter_id: int | None
    reporter_type: str
    category: str
    area: str = ""
    area_at: datetime | None = None  # the day whose area it is, where it was corrected; else the day it was opened
    channel: str = ""  # how it came to an operator, who took it down; "": the reporter sent it in a chat
    agency_id: int | None = None  # who holds it; None while with the operators
    enterprise: bool = False  # whether that is an enterprise
    supervisor_id: int | None = None  # the agency that supervises the enterprise, since it was given the case
    holder_id: int | None = None  # the person who claimed it
    return_state: State | None = None  # where need_info goes back to
    proposed_agency_id: int | None = None  # in transfer_requested
    cycle: int = 1
    hops: int = 0
    questions: int = 0  # asked by the doer in this cycle
    reminders: int = 0  # to the citizen about the open question
    urgent: bool = False
    sensitive: bool = False  # about officials (R61)
    sealed: bool = False  # for the inspection line alone: the operators know no more than that it exists
    concerned_id: int | None = None  # the unit that a sensitive case is about, where it is known
    concerned_words: str = ""  # what its reporter called that unit, words
    outcome: str = ""
    rating: int | None = None
    disputed: bool = False  # T23 used in this cycle
    disputed_by: tuple[int, ...] = ()  # once per cycle and reporter
    rated_by: tuple[int, ...] = ()  # who has rated this cycle's result
    upheld: bool = False  # T25 in this cycle, so that the citizen may appeal
    appealed: bool = False  # T25b: the leader decides
    final: bool = False  # T26: no way back
    cancel_reason: str = ""
    forward_due: datetime | None = None
    resolve_due: datetime | None = None  # the promise: told to the citizen, never later within a cycle
    promised_due: datetime | None = None  # the latest resolve due told at reception
    answer_due: datetime | None = None  # for the citizen, in need_info
    interaction_due: datetime | None = None  # for the agency, after a dispute
    rating_until: datetime | None = None
    assigned_at: datetime | None = None
    claimed_at: datetime | None = None
    finished_at: datetime | None = None  # the last result
    closed_at: datetime | None = None
    words: str = ""  # pointers to erasable rows
    position: str = ""
    media: tuple[str, ...] = ()
    question: str = ""  # words of the open question
    result: str = ""  # words of the last result
    result_media: tuple[str, ...] = ()
    checker: str = ""  # of a result: head, supervisor, operators; "" where it is accepted by itself
    check_due: datetime | None = None  # by when it is checked
    pair: str = ""  # before and after in one picture, where there are both
    obstacle: str = ""  # why it is not possible, a code
    decision: str = ""  # number of the decision of a sanction, words (R52)
    fine: int | None = None  # its amount in đồng, 0 for a warning; None: no sanction
    answer: str = ""  # words of the citizen's last answer to a question
    complaint: str = ""  # words of the last "not solved"
    flags: tuple[str, ...] = ()  # what the rules noticed at intake: danger, urgent, formal, secret
    reminders_at: tuple[datetime, ...] = ()  # when the citizen is reminded of the open question
    transfer_reason: str = ""  # code and words with which a transfer was asked for; until the next unit takes over
    transfer_words: str = ""
    moved_by: int | None = None  # who made the last move that changed the state or the holder
    moved_at: datetime | None = None
    policy: str = ""  # the version of the law that it was opened under ("hue/2"), kept to its end (invariant 11)
    received_at: datetime | None = None  # when it was taken in again (T28–T30); else it was when it was opened
    first_due: datetime | None = None  # the promise before the first extension of this cycle
    extensions: int = 0  # granted in this cycle
    resume_at: datetime | None = None  # when a scheduled case is taken up again
    extension_until: datetime | None = None  # asked for and not decided yet
    extension_words: str = ""  # what the citizen will read, words
    extension_document: str = ""  # number of the report to the competent authority, words
    extension_media: tuple[str, ...] = ()  # the report itself
    outside: str = ""  # the body outside to which it was referred, words
    master_id: int | None = None  # the case that a merged one follows
    joined: tuple[int, ...] = ()  # further reporters, by merged cases
    merged_in: tuple[int, ...] = ()  # the cases merged into this one
    brought: tuple[Joint, ...] = ()  # by those who joined when they reported
    left: bool = False  # of a merged case: its reporter does not follow the other one any more
    alike: tuple[int, ...] = ()  # cases that may be the same matter, as it looked when this one was sent
    earlier: tuple[int, ...] = ()  # cases of this subject that had ended at this spot, newest first
    spot: int | None = None  # the spot to whose chain it belongs, as a person has confirmed
    again_of: int | None = None  # the case after which it was chained
    revive_until: datetime | None = None  # how long what has ended can be taken up again (T27, T28)
    revival: str = ""  # words with which a cancelled case was asked to be taken up again
    revival_asked: bool = False
    thread: str = ""  # words of the citizen's last message that nobody has answered
    thread_due: datetime | None = None  # by when; None when nothing waits for an answer
    proposal: str = ""  # what the holder proposes to the operators: cancel (T6) or merge (T7)
    proposal_reason: str = ""  # the reason code with which it would be cancelled
    proposal_words: str = ""  # what the citizen would read, words
    proposal_case_id: int | None = None  # the case that would go on
    pledged_until: datetime | None = None  # the day by which a result promises the work (R111)
    pledge_kept_at: datetime | None = None
    tasks: tuple[Task, ...] = ()  # support tasks, in the order in which they were asked for
    urgent_at: datetime | None = None  # when it was last marked urgent; stays when the mark is taken off
    urgent_due: datetime | None = None  # by when the citizen hears of it next; None: not urgent, made safe, or over
    taken_at: datetime | None = None  # when the call-out was answered by the unit that holds it now
    interim_at: datetime | None = None  # when the citizen was last told how it stands
    safe_at: datetime | None = None  # when the danger was averted

    @property
    def area_day(self) -> datetime:
        """When its area was what it says: units are merged and renamed, the case keeps the version of its day."""
        return self.area_at or self.opened_at

    @property
    def reporters(self) -> tuple[int, ...]:
        """Everybody who reported this, by one case or by several that were merged."""
        return self.joined if self.reporter_id is None else (self.reporter_id, *self.joined)

    @property
    def asked(self) -> str:
        """What waits for the operators although its state does not say so; "" nothing.

        ``extension``, ``revival``, ``cancel`` or ``merge``, or ``check``: the result of an enterprise that nobody
        supervises.
        """
        if self.extension_until is not None:
            return "extension"
        if self.revival_asked:
            return "revival"
        unchecked = self.state is State.RESULT_SUBMITTED and self.enterprise and self.supervisor_id is None
        return self.proposal or ("check" if unchecked else "")


@frozen
class Act:
    """An attempt at a move: who, in which roles, when, and with what. Words and media are pointers already."""

    action: Action
    roles: frozenset[Role]
    at: datetime
    person_id: int | None = None
    agency_id: int | None = None  # the agency the person acts for
    words: str = ""
    reason: str = ""
    target_agency_id: int | None = None
    target_enterprise: bool = False  # whether the target unit is an enterprise (a store fact)
    target_supervisor_id: int | None = None  # and who supervises it (a store fact)
    above: bool = False  # whether the actor's agency stands above the holder in the tree (a store fact)
    in_stead: bool = False  # whether the acts of the holder's absent head fall to the actor's (a store fact)
    category: str = ""
    sensitive: bool | None = None  # about officials: with OPEN, and what CORRECT_CATEGORY makes of it
    sealed: bool = False  # whether there is an inspection line for it (a store fact)
    target_line: bool = False  # whether the target unit is of the inspection line (a store fact)
    target_concerned: bool = False  # whether it is the unit that the case is about, or below that (a store fact)
    target_holds: bool = False  # with NAME_UNIT: whether the unit named holds the case, or its parent does
    concerned: bool = False  # whether the actor works for the unit that the case is about (a store fact)
    concerned_id: int | None = None  # with OPEN: the unit that a sensitive case is about
    concerned_words: str = ""  # with OPEN: what the reporter called it, words
    position: str = ""
    area: str = ""
    outcome: str = ""
    rating: int | None = None
    media: tuple[str, ...] = ()
    expected_version: int | None = None
    public_text: bool = False  # whether words are there (their content is not the table's business)
    code: str = ""  # with OPEN: the case's code
    reporter_type: str = "person"  # with OPEN
    channel: str = ""  # with OPEN: how the report came to an operator, who took it down
    flags: tuple[str, ...] = ()  # with OPEN: what the rules noticed (Report.flags, and "urgent" if proposed)
    target_person_id: int | None = None  # with DELEGATE: a colleague
    target_in_branch: bool = False  # with DELEGATE: whether the target unit hangs below the holder (a store fact)
    target_stands: bool = True  # whether the target unit takes cases on this day (a store fact)
    target_case_id: int | None = None  # with MERGE: the case that goes on
    target_case: Case | None = None  # what that case is (a store fact)
    spot: int | None = None  # with CHAIN: the spot's number (a store fact)
    alike: tuple[int, ...] = ()  # with OPEN: cases that may be the same matter
    earlier: tuple[int, ...] = ()  # with OPEN: cases that ended here before
    until: datetime | None = None  # with REQUEST_EXTENSION: the new date
    reference: str = ""  # words: a document's number, or the body outside
    restored: tuple[tuple[str, Any], ...] = ()  # with CORRECT: fields of the case and what they are to be, plain data
    undoes: int | None = None  # with CORRECT: the event whose effect is taken back
    instrument: str = ""  # with ASK_SUPPORT: the kind of instrument that is wanted
    ticked: bool = False  # with ACCEPT_RESULT: the checker says that it answers the question asked (R62)
    pair: str = ""  # with SUBMIT_RESULT: the picture that is being made
    fine: int | None = None  # with SUBMIT_RESULT of a sanction
    exposed: str = ""  # where personal data stands in words that would leave the authorities (a fact of the text)


@frozen
class Refusal:
    """A move that may not be made; nothing changed. ``key`` is the catalogue's sentence for it."""

    key: str
    values: dict[str, str] = field(default_factory=dict)
