"""Playing a case in a test: who does what, line by line, with everything a move needs filled in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from workflows.actions import Action
from workflows.case.calendar import WorkingCalendar
from workflows.case.decide import decide
from workflows.case.law import Law
from workflows.case.model import Act, Case, CaseEvent, Refusal, Role, State
from workflows.case.policy import Policy
from workflows.case.replay import apply
from workflows.case.view import CaseView, Names

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 9 in the morning in Vietnam
REPORTER, OPERATOR, OFFICER, FOCAL, HEAD, ADMIN, LEADER = 1, 20, 30, 31, 32, 40, 50
WORKER, SUPERVISOR = 35, 36  # of an enterprise, and of the agency that supervises it
HELPING = 38  # of a unit that was asked to help
INSPECTOR = 37  # of the inspection line
NEIGHBOUR = 2  # has reported the same, in a case of their own
WARD, DEPARTMENT, HELPERS = 7, 8, 71
LINE = 9  # a unit of the inspection line
CASE_ID = 12
OTHER_ID = 13

LAW = Law(Policy(), WorkingCalendar())
CHECKED = Law(Policy(result_check="head"), WorkingCalendar())
BY_SUPERVISOR = Law(Policy(enterprise_check="supervisor"), WorkingCalendar())

# The person and the agency of somebody who acts in a role and stands where the case is.
PEOPLE = {
    Role.CITIZEN: REPORTER,
    Role.OPERATOR: OPERATOR,
    Role.OFFICER: OFFICER,
    Role.FOCAL: FOCAL,
    Role.HEAD: HEAD,
    Role.ENTERPRISE: WORKER,
    Role.SUPERVISOR: SUPERVISOR,
    Role.INSPECTION: INSPECTOR,
    Role.HELPER: HELPING,
    Role.ADMIN: ADMIN,
    Role.LEADER: LEADER,
    Role.TIMER: None,
}
OF_AGENCY = (Role.OFFICER, Role.FOCAL, Role.HEAD, Role.ENTERPRISE, Role.INSPECTION)

OTHER = Case("PA-2222-2222", State.RECEIVED, 1, MONDAY, NEIGHBOUR, "person", "lamp", forward_due=MONDAY)

# What a complete attempt at each move carries.
COMPLETE: dict[Action, dict[str, Any]] = {
    Action.OPEN: {
        "code": "PA-7K3M-9QXC",
        "category": "lamp",
        "area": "an-cuu",
        "position": "p1",
        "words": "w1",
        "media": ("m1",),
    },
    Action.ASK: {"words": "question"},
    Action.ANSWER: {"words": "answer"},
    Action.CANCEL: {"reason": "outside", "words": "explanation"},
    Action.ASSIGN: {"target_agency_id": WARD},
    Action.DELEGATE: {"target_agency_id": 70, "target_in_branch": True},
    Action.REQUEST_TRANSFER: {"target_agency_id": DEPARTMENT, "reason": "other_owner", "words": "not ours"},
    Action.TRANSFER: {"target_agency_id": DEPARTMENT},
    Action.REFUSE_TRANSFER: {"words": "it is yours"},
    Action.SUBMIT_RESULT: {
        "outcome": "fixed",
        "words": "done",
        "media": ("after1",),
        "reference": "decision1",
        "fine": 500_000,
        "reason": "lacks_equipment",
        "until": MONDAY + timedelta(days=60),  # of a promise
    },
    Action.ACCEPT_RESULT: {"ticked": True},
    Action.RETURN_RESULT: {"words": "not yet"},
    Action.RATE: {"rating": 5},
    Action.DISPUTE: {"words": "still dark"},
    Action.UPHOLD: {"words": "it works"},
    Action.NOTE: {"words": "note"},
    Action.ADD: {"words": "more"},
    Action.CORRECT_CATEGORY: {"category": "road", "sensitive": False},
    Action.CORRECT_PLACE: {"position": "p2", "area": "phu-hoi"},
    Action.CLEAR_SENSITIVE: {"words": "it is about a street lamp"},
    Action.NAME_UNIT: {"target_agency_id": DEPARTMENT},
    Action.CLEAR_URGENT: {"words": "made safe"},
    Action.INTERIM: {"words": "we are on our way"},
    Action.MAKE_SAFE: {"words": "the wire is cut off"},
    Action.MERGE: {"target_case_id": OTHER_ID, "target_case": OTHER},
    Action.JOIN: {"target_case_id": OTHER_ID, "target_person_id": NEIGHBOUR},
    Action.PART: {"target_case_id": OTHER_ID, "target_person_id": NEIGHBOUR},
    Action.UNMERGE: {"words": "another lamp"},
    Action.CHAIN: {"target_case_id": OTHER_ID, "target_case": OTHER, "spot": OTHER_ID},
    Action.REFER_OUT: {"reason": "central", "words": "ask there", "reference": "the body"},
    Action.TAKE_BACK: {"words": "sent back"},
    Action.REQUEST_EXTENSION: {
        "words": "we wait for the pole",
        "reference": "12/BC-UBND",
        "until": MONDAY + timedelta(days=60),
    },
    Action.REFUSE_EXTENSION: {"words": "no"},
    Action.APPEAL: {"words": "still dark"},
    Action.CLOSE_FINALLY: {"words": "it is lit"},
    Action.ASK_REVIVAL: {"words": "here is the street"},
    Action.PROPOSE_CANCEL: {"reason": "outside", "words": "not for this channel"},
    Action.PROPOSE_MERGE: {"target_case_id": OTHER_ID, "target_case": OTHER},
    Action.REFUSE_PROPOSAL: {"words": "it is yours"},
    Action.REPLY: {"words": "tomorrow"},
    Action.ASK_SUPPORT: {"target_agency_id": DEPARTMENT, "words": "cut the branch"},
    Action.ANSWER_SUPPORT: {"words": "it is cut"},
    Action.DECLINE_SUPPORT: {"reason": "lacks_equipment", "words": "no lift"},
    Action.WAIVE_SUPPORT: {"words": "we cut it ourselves"},
    Action.KEEP_PROMISE: {"words": "the pole stands"},
    Action.CORRECT: {"words": "wrong button", "restored": (("area", "thuan-hoa"),), "undoes": 1},
}


def agency_of(role: Role, case: Case | None) -> int | None:
    """For whom somebody in this role acts who stands where the case is."""
    if case is None:
        return None
    if role is Role.HELPER:
        return next((task.agency_id for task in case.tasks if task.state == "open"), None)
    return case.supervisor_id if role is Role.SUPERVISOR else case.agency_id if role in OF_AGENCY else None


def act(action: Action, role: Role, case: Case | None, at: datetime, **given: Any) -> Act:
    """A complete attempt by somebody who stands beside the case; ``given`` changes what it carries."""
    fields: dict[str, Any] = {
        "person_id": PEOPLE[role],
        "agency_id": agency_of(role, case),
    }
    return Act(action, frozenset({role}), at, **(fields | COMPLETE.get(action, {}) | given))


class Story:
    """A case as it is played; every line either moves it or raises what stood in the way."""

    def __init__(self, law: Law = LAW, at: datetime = MONDAY) -> None:
        self.law = law
        self.at = at
        self.events: list[CaseEvent] = []
        self.now: Case | None = None

    @property
    def case(self) -> Case:
        assert self.now is not None
        return self.now

    def later(self, **length: float) -> Story:
        self.at += timedelta(**length)
        return self

    def until(self, at: datetime | None) -> Story:
        assert at is not None
        self.at = max(self.at, at)
        return self

    def does(self, role: Role, action: Action, **given: Any) -> Story:
        events = decide(self.now, act(action, role, self.now, self.at, **given), self.law)
        assert not isinstance(events, Refusal), (action, role, events)
        for event in events:
            self.now = apply(self.now, event)
            self.events.append(event)
        return self

    def refused(self, role: Role, action: Action, **given: Any) -> Refusal:
        before = self.now
        answer = decide(self.now, act(action, role, self.now, self.at, **given), self.law)
        assert isinstance(answer, Refusal), (action, role, answer)
        assert self.now is before
        return answer

    # the straight road, one word a step

    def opened(self, **given: Any) -> Story:
        return self.does(Role.CITIZEN, Action.OPEN, **given)

    def assigned(self) -> Story:
        return self.opened().does(Role.OPERATOR, Action.ASSIGN)

    def claimed(self) -> Story:
        return self.assigned().does(Role.OFFICER, Action.CLAIM)

    def asked(self) -> Story:
        return self.claimed().does(Role.OFFICER, Action.ASK)

    def resolved(self) -> Story:
        return self.claimed().does(Role.OFFICER, Action.SUBMIT_RESULT)

    def promised(self) -> Story:
        return self.claimed().does(Role.OFFICER, Action.SUBMIT_RESULT, outcome="promised", media=())

    def disputed(self) -> Story:
        return self.resolved().does(Role.CITIZEN, Action.DISPUTE)

    def appealed(self) -> Story:
        return self.disputed().does(Role.HEAD, Action.UPHOLD).does(Role.CITIZEN, Action.APPEAL)

    def scheduled(self) -> Story:
        return self.claimed().does(Role.HEAD, Action.REQUEST_EXTENSION).does(Role.OPERATOR, Action.GRANT_EXTENSION)

    def helped(self) -> Story:
        """Another unit was asked for a piece of work."""
        return self.claimed().does(Role.OFFICER, Action.ASK_SUPPORT, target_agency_id=HELPERS)

    def cancelled(self) -> Story:
        """At the proposal of the head."""
        return self.claimed().does(Role.HEAD, Action.PROPOSE_CANCEL).does(Role.OPERATOR, Action.CANCEL)

    def with_enterprise(self, supervisor: int | None = DEPARTMENT) -> Story:
        """Assigned to an enterprise, and claimed there."""
        given = {"target_enterprise": True, "target_supervisor_id": supervisor}
        return self.opened().does(Role.OPERATOR, Action.ASSIGN, **given).does(Role.ENTERPRISE, Action.CLAIM)

    def joint(self) -> Story:
        """A neighbour's case was merged into this one."""
        return self.claimed().does(Role.OPERATOR, Action.JOIN)


def view(case: Case, now: datetime = MONDAY, **given: Any) -> CaseView:
    """A case with names and words as the store would give them."""
    known = CaseView(
        id=CASE_ID,
        case=case,
        now=now,
        category=Names("Chiếu sáng", "Street lighting"),
        category_group=Names("Hạ tầng", "Infrastructure"),
        area=Names("phường An Cựu", "An Cuu ward"),
        agency=Names(f"Đơn vị {case.agency_id}", f"Unit {case.agency_id}") if case.agency_id else None,
        proposed_agency=Names("Sở Xây dựng", "Construction Department") if case.proposed_agency_id else None,
        holder_name="Lê Cán Bộ" if case.holder_id else "",
        text="Đèn đường hỏng ba tối nay",
        address="12 Nguyễn Huệ",
        lat=16.46,
        lon=107.6,
        media=case.media,
        question_text="Cột số mấy?" if case.question else "",
        result_text="Đã thay bóng" if case.result else "",
        result_media=case.result_media,
        last_words="lời kèm theo",
        working_days_left=5 if case.resolve_due else None,
        answer_text="Cột số 5" if case.answer else "",
        complaint_text="Vẫn tối" if case.complaint else "",
        transfer_text="Không thuộc đơn vị" if case.transfer_words else "",
        master_code="PA-2222-2222" if case.master_id else "",
        extension_text="Còn chờ vật tư" if case.extension_words else "",
        document_text="12/BC-UBND" if case.extension_document else "",
        outside_text="Bộ Xây dựng" if case.outside else "",
        thread_text="Bao giờ xong?" if case.thread else "",
        revival_text="Ở số 12" if case.revival else "",
    )
    return replace(known, **given)
