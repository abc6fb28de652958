"""Random people try random moves at random times: whatever happens, the invariants of domain.md 5.9 hold."""

import json
from dataclasses import asdict
from datetime import datetime, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.often import tries
from tests.workflows.case.story import (
    BY_SUPERVISOR,
    CASE_ID,
    CHECKED,
    COMPLETE,
    DEPARTMENT,
    LAW,
    LINE,
    MONDAY,
    OF_AGENCY,
    PEOPLE,
    WARD,
    agency_of,
    view,
)
from workflows.actions import Action
from workflows.case.decide import decide, open_actions
from workflows.case.model import CANCEL_REASONS, OUTCOMES, Act, CaseEvent, Refusal, Role, State
from workflows.case.notices import notices
from workflows.case.replay import apply, replay
from workflows.effects import Say, ShowCard, ToAgency, ToReporter

# The pairs of domain.md 5.6 and who may walk them, by hand: C citizen, O operator, F focal, W officer, H head,
# L leader, E enterprise, S supervising agency, I inspection line, A administrator, Y timer. The operators are the
# doers (W) where they hold the case themselves.
PAIRS: dict[str, tuple[set[str], set[str], str]] = {
    "T1": ({""}, {"received"}, "COA"),
    "T3": ({"received"}, {"need_info"}, "OA"),
    "T4": ({"need_info"}, {"received", "in_progress"}, "COAI"),
    "T5": ({"need_info"}, {"cancelled"}, "Y"),
    "T5b": ({"need_info"}, {"in_progress"}, "Y"),
    "T6": ({"received", "assigned", "in_progress"}, {"cancelled"}, "OAI"),
    "T7": ({"received", "assigned", "in_progress"}, {"merged"}, "COA"),
    "T8": ({"received", "transfer_requested"}, {"referred_out"}, "OA"),
    "T9": ({"received"}, {"assigned"}, "OYA"),
    "T10": ({"assigned"}, {"in_progress"}, "WFEOAI"),
    "T11": ({"assigned", "in_progress"}, {"assigned"}, "FHOAI"),
    "T12": ({"assigned", "in_progress"}, {"transfer_requested"}, "HFEAI"),
    "T13": ({"transfer_requested"}, {"assigned"}, "OLA"),
    "T14": ({"transfer_requested"}, {"in_progress"}, "OLA"),
    "T15": ({"in_progress"}, {"need_info"}, "WFEOAI"),
    "T16": ({"in_progress"}, {"scheduled"}, "HOLA"),
    "T17": ({"scheduled"}, {"in_progress"}, "WFEOYAI"),
    "T18": ({"in_progress", "scheduled"}, {"result_submitted"}, "WFEOAI"),
    "T19": ({"result_submitted"}, {"resolved"}, "HSOYA"),
    "T20": ({"result_submitted"}, {"answered"}, "HSOYA"),
    "T21": ({"result_submitted"}, {"in_progress"}, "HSOA"),
    "T22": ({"resolved", "answered"}, {"closed"}, "CY"),
    "T23": ({"resolved", "answered"}, {"review_requested"}, "CA"),
    "T24": ({"review_requested"}, {"in_progress"}, "OHLAI"),
    "T25": ({"review_requested"}, {"resolved", "answered"}, "OHAI"),
    "T25b": ({"resolved", "answered"}, {"review_requested"}, "CA"),
    "T26": ({"review_requested"}, {"closed"}, "LA"),
    "T27": ({"closed"}, {"review_requested"}, "CA"),
    "T28": ({"cancelled"}, {"received"}, "OA"),
    "T29": ({"merged"}, {"received"}, "OA"),
    "T30": ({"referred_out"}, {"received"}, "OA"),
    "T31": ({"received", "need_info", "assigned", "in_progress"}, {"cancelled"}, "CA"),
}
LETTER = {
    Role.CITIZEN: "C",
    Role.OPERATOR: "O",
    Role.FOCAL: "F",
    Role.OFFICER: "W",
    Role.HEAD: "H",
    Role.LEADER: "L",
    Role.ENTERPRISE: "E",
    Role.SUPERVISOR: "S",
    Role.INSPECTION: "I",
    Role.ADMIN: "A",
    Role.TIMER: "Y",
}
OPEN = {State.RECEIVED, State.NEED_INFO, State.ASSIGNED, State.IN_PROGRESS, State.TRANSFER_REQUESTED}
OPEN |= {State.SCHEDULED, State.RESULT_SUBMITTED, State.REVIEW_REQUESTED}
# Each begins a promise of its own and says so (invariant 3).
NEW_TERM = {Action.GRANT_EXTENSION, Action.REVIVE, Action.UNMERGE, Action.TAKE_BACK, Action.CORRECT}
WITH_REASON = {
    Action.REFUSE_TRANSFER,
    Action.RETURN_RESULT,
    Action.UPHOLD,
    Action.REFUSE_EXTENSION,
    Action.CLOSE_FINALLY,
    Action.REFER_OUT,
    Action.UNMERGE,
    Action.TAKE_BACK,
    Action.CORRECT,
    Action.REPLY,
    Action.KEEP_PROMISE,
    Action.INTERIM,
    Action.MAKE_SAFE,
    Action.PROPOSE_CANCEL,
    Action.REFUSE_PROPOSAL,
}

REMARKS = {Action.NOTE, Action.ADD, Action.CORRECT_PLACE, Action.SET_URGENT, Action.CLEAR_URGENT, Action.CORRECT}
REMARKS |= {Action.JOIN, Action.PART, Action.LEAVE, Action.CHAIN, Action.UNCHAIN}
ENDS = {Action.MERGE, Action.REFER_OUT, Action.CANCEL, Action.WITHDRAW}

SUPPORT_TIMERS = (Action.REMIND_SUPPORT,)

ROAD = [
    (Role.OPERATOR, Action.ASSIGN),
    (Role.CITIZEN, Action.ANSWER),
    (Role.OFFICER, Action.CLAIM),
    (Role.OFFICER, Action.ASK),
    (Role.HEAD, Action.REQUEST_TRANSFER),
    (Role.OFFICER, Action.SUBMIT_RESULT),
    (Role.HEAD, Action.ACCEPT_RESULT),
    (Role.HEAD, Action.RETURN_RESULT),
    (Role.OPERATOR, Action.TRANSFER),
    (Role.OPERATOR, Action.REFUSE_TRANSFER),
    (Role.CITIZEN, Action.RATE),
    (Role.CITIZEN, Action.DISPUTE),
    (Role.HEAD, Action.REWORK),
    (Role.OPERATOR, Action.UPHOLD),
    (Role.CITIZEN, Action.APPEAL),
    (Role.LEADER, Action.CLOSE_FINALLY),
    (Role.HEAD, Action.REQUEST_EXTENSION),
    (Role.OPERATOR, Action.GRANT_EXTENSION),
    (Role.OPERATOR, Action.REVIVE),
    (Role.HELPER, Action.ANSWER_SUPPORT),
    (Role.HELPER, Action.DECLINE_SUPPORT),
    (Role.OFFICER, Action.WAIVE_SUPPORT),
    (Role.HEAD, Action.PROPOSE_CANCEL),
    (Role.FOCAL, Action.PROPOSE_MERGE),
    (Role.OPERATOR, Action.REFUSE_PROPOSAL),
    (Role.ENTERPRISE, Action.CLAIM),
    (Role.ENTERPRISE, Action.SUBMIT_RESULT),
    (Role.SUPERVISOR, Action.ACCEPT_RESULT),
    (Role.SUPERVISOR, Action.RETURN_RESULT),
    (Role.OPERATOR, Action.UNMERGE),
    (Role.OPERATOR, Action.TAKE_BACK),
    (Role.CITIZEN, Action.ASK_REVIVAL),
    (Role.OFFICER, Action.REPLY),
    (Role.OFFICER, Action.KEEP_PROMISE),
    (Role.OPERATOR, Action.SET_URGENT),
    (Role.OFFICER, Action.TAKE_CALL),
    (Role.OFFICER, Action.INTERIM),
    (Role.OFFICER, Action.MAKE_SAFE),
]

# Where a history begins, so that the late moves are tried as often as the early ones.
RESOLVED = [(Role.OPERATOR, Action.ASSIGN), (Role.OFFICER, Action.CLAIM), (Role.OFFICER, Action.SUBMIT_RESULT)]
DISPUTED = [*RESOLVED, (Role.CITIZEN, Action.DISPUTE)]
APPEALED = [*DISPUTED, (Role.HEAD, Action.UPHOLD), (Role.CITIZEN, Action.APPEAL)]
BEGINNINGS = [
    [],
    RESOLVED[:1],
    RESOLVED[:2],
    [*RESOLVED[:2], (Role.OPERATOR, Action.SET_URGENT)],
    [*RESOLVED[:2], (Role.HEAD, Action.REQUEST_EXTENSION)],
    [*RESOLVED[:2], (Role.HEAD, Action.REQUEST_EXTENSION), (Role.OPERATOR, Action.GRANT_EXTENSION)],
    [*RESOLVED[:2], (Role.OFFICER, Action.ASK)],
    [*RESOLVED[:2], (Role.HEAD, Action.PROPOSE_CANCEL)],
    [*RESOLVED[:2], (Role.OFFICER, Action.ASK_SUPPORT)],
    [*RESOLVED[:2], (Role.OPERATOR, Action.JOIN), (Role.OFFICER, Action.SUBMIT_RESULT)],
    RESOLVED,
    DISPUTED,
    APPEALED,
    [*APPEALED, (Role.LEADER, Action.CLOSE_FINALLY)],
    [*RESOLVED, (Role.CITIZEN, Action.RATE)],
    [(Role.OPERATOR, Action.REFER_OUT)],
    [(Role.OPERATOR, Action.MERGE)],
    [(Role.OPERATOR, Action.CANCEL), (Role.CITIZEN, Action.ASK_REVIVAL)],
]

words = st.sampled_from(["", "w8", "w9"])
media = st.sampled_from([(), ("m8",), ("m8", "m9")])
given_fields = st.fixed_dictionaries(
    {},
    optional={
        "words": words,
        "media": media,
        "reason": st.sampled_from(["", "other", "other_area", "lacks_equipment", "central", *CANCEL_REASONS]),
        "reference": st.sampled_from(["", "d1"]),
        "until": st.sampled_from([None, MONDAY - timedelta(days=1), MONDAY + timedelta(days=90)]),
        "restored": st.sampled_from([(), (("area", "thuan-hoa"), ("resolve_due", None)), (("rating", 3),)]),
        "target_agency_id": st.sampled_from([None, WARD, DEPARTMENT, 70, LINE]),
        "target_concerned": st.sampled_from([False, False, True]),
        "target_holds": st.sampled_from([False, False, True]),
        "sealed": st.booleans(),
        "concerned": st.sampled_from([False, False, False, True]),
        "target_person_id": st.sampled_from([None, 33]),
        "target_enterprise": st.booleans(),
        "target_supervisor_id": st.sampled_from([None, DEPARTMENT]),
        "above": st.sampled_from([False, False, True]),
        "in_stead": st.booleans(),
        "target_in_branch": st.booleans(),
        "category": st.sampled_from(["", "lamp", "road"]),
        "sensitive": st.sampled_from([None, None, False, True]),
        "position": st.sampled_from(["", "p2"]),
        "outcome": st.sampled_from(["", "magic", *OUTCOMES]),
        "rating": st.sampled_from([None, 0, 1, 2, 3, 5]),
        "expected_version": st.sampled_from([None, None, None, 2]),
    },
)


class Lifecycle(RuleBasedStateMachine):
    """One case, many hands."""

    @initialize(
        law=st.sampled_from([LAW, CHECKED, BY_SUPERVISOR]),
        sensitive=st.sampled_from([False, False, False, True]),
        sealed=st.booleans(),
        late=st.integers(0, 6),
        beginning=st.sampled_from(BEGINNINGS),
    )
    def open(self, law, sensitive, sealed, late, beginning):
        self.law = law
        self.at = MONDAY + timedelta(days=late)
        about = {"sensitive": sensitive, "sealed": sensitive and sealed}
        act = Act(Action.OPEN, frozenset({Role.CITIZEN}), self.at, person_id=1, **about, **COMPLETE[Action.OPEN])
        self.events: list[CaseEvent] = []
        self.case = None
        self.promises: dict[int, datetime] = {}
        self.take(decide(None, act, law))
        for role, action in beginning:
            self.attempt(role, action, {}, 0, complete=True)

    @rule(data=st.data())
    def something_happens(self, data):
        """One rule that draws what happens, so that a run is a mixture and not ten times the same."""
        kind = data.draw(
            st.sampled_from([*["road"] * 4, *["offered"] * 4, "joint", "clock", "clock", "pause", "anything"])
        )
        getattr(self, f"do_{kind}")(data)

    def do_pause(self, data):
        self.at += timedelta(hours=data.draw(st.sampled_from([0.1, 2, 20, 200])))

    def do_clock(self, data):
        """The next clock runs out, and whatever the timer wants then is tried."""
        case = self.case
        dues = (case.forward_due, case.resolve_due, *case.reminders_at, case.answer_due, case.rating_until)
        dues += (case.resume_at, case.thread_due, case.urgent_due, *(task.due for task in case.tasks))
        self.at = min((due for due in dues if due and due > self.at), default=self.at)
        for action in (
            Action.REMIND_ANSWER,
            Action.GIVE_UP_ASKING,
            Action.CLOSE_UNRATED,
            Action.RESUME,
            *SUPPORT_TIMERS,
        ):
            self.attempt(Role.TIMER, action, {}, 0, complete=True)

    def do_offered(self, data):
        """A button that is there, mostly pressed by somebody who may, with more or less in hand."""
        offers = [
            (role, action)
            for role in Role
            for action in self.open_to(role)
            if action not in REMARKS | ENDS or data.draw(st.integers(0, 5)) == 0
        ]
        if offers:
            role, action = data.draw(st.sampled_from(offers))
            stranger = data.draw(st.sampled_from([0, 0, 0, 5]))
            self.attempt(role, action, data.draw(given_fields), stranger, complete=True)

    def do_road(self, data):
        """The road to a result and what the citizen makes of it."""
        offers = [step for step in ROAD if step[1] in self.open_to(step[0])]
        if offers:
            role, action = data.draw(st.sampled_from(offers))
            drawn = {
                Action.RATE: {"rating": data.draw(st.sampled_from([1, 2, 4])), "words": data.draw(words)},
                Action.SUBMIT_RESULT: {"outcome": data.draw(st.sampled_from(["fixed", *OUTCOMES]))},
            }
            self.attempt(role, action, drawn.get(action, {}), 0, complete=True)

    def open_to(self, role):
        return open_actions(self.case, frozenset({role}), self.law, agency_of(role, self.case))

    def do_joint(self, data):
        """A neighbour joins, says what they think of the result, or leaves again."""
        who = data.draw(st.sampled_from([2, 3]))
        own = {"person_id": who, "target_person_id": who, "target_case_id": 100 + who}
        given = {"words": data.draw(words), "media": data.draw(media), "rating": data.draw(st.sampled_from([1, 4]))}
        action = Action.JOIN
        if who in self.case.joined:
            action = data.draw(st.sampled_from([Action.PART, Action.RATE, Action.RATE, Action.DISPUTE, Action.JOIN]))
        self.attempt(Role.CITIZEN, action, own | given, 0, complete=False)

    def do_anything(self, data):
        role, action = data.draw(st.sampled_from(list(Role))), data.draw(st.sampled_from(list(Action)))
        self.attempt(role, action, data.draw(given_fields), 0, complete=False)

    def attempt(self, role, action, given_, stranger, complete):
        before = self.case
        fields = {"person_id": PEOPLE[role], "agency_id": agency_of(role, self.case)}
        fields |= COMPLETE.get(action, {}) if complete else {}
        fields |= given_ if not complete else {k: v for k, v in given_.items() if v not in ("", None, ())}
        fields["target_line"] = fields.get("target_agency_id") == LINE  # as the store would say
        if action in {Action.CORRECT_CATEGORY, Action.SET_SENSITIVE} and not fields["target_line"]:
            fields["target_agency_id"] = None  # a case is marked for the line alone
        if stranger:
            fields |= {"person_id": stranger, "agency_id": 99, "above": False}
        answer = decide(self.case, Act(action, frozenset({role}), self.at, **fields), self.law)
        if isinstance(answer, Refusal):
            assert answer.key.startswith("refused.")
            assert self.case is before
        else:
            assert not (stranger and role in (*OF_AGENCY, Role.SUPERVISOR, Role.CITIZEN))
            self.take(answer)

    def take(self, events):
        assert not isinstance(events, Refusal), events
        for event in events:
            before, self.case = self.case, apply(self.case, event)
            self.events.append(event)
            self.check_pair(before, event)
            self.check_mark(before, event)
            self.check_reasons(event)
            self.check_promise(before, event)
            self.check_told(before, event)

    def check_pair(self, was, event):
        """1: only the pairs of the table, each with the named role."""
        if event.action is Action.CORRECT:
            assert event.role is Role.ADMIN
            return
        if event.before == event.after and event.move not in {"T11"}:
            return
        befores, afters, letters = PAIRS[event.move]
        assert (event.before.value if event.before else "") in befores
        assert event.after.value in afters
        assert LETTER[event.role] in letters
        if event.move == "T6" and event.before is not State.RECEIVED and event.role is Role.OPERATOR:
            assert was.proposal == "cancel" or was.agency_id is None

    def check_mark(self, was, event):
        """5: an enterprise's result has its supervisor's mark where the policy demands one."""
        if event.action is Action.ACCEPT_RESULT and was.enterprise and self.law is BY_SUPERVISOR:
            marked = {Role.SUPERVISOR, Role.ADMIN} if was.supervisor_id else {Role.OPERATOR, Role.ADMIN}
            assert event.role in marked

    def check_reasons(self, event):
        """4: no refusal, transfer or return without a stored reason."""
        if event.after is State.CANCELLED and event.before is not State.CANCELLED:
            assert event.data["reason"] in CANCEL_REASONS
        if event.action is Action.REQUEST_TRANSFER:
            assert event.data.get("reason") or event.data.get("words")
        if event.action in WITH_REASON:
            assert event.data["words"]
        if event.action is Action.REQUEST_EXTENSION:
            assert event.data["words"]
            assert event.data.get("reference") or event.data.get("media")
            assert event.at < self.case.resolve_due < self.case.extension_until

    def check_promise(self, before, event):
        """3: within a cycle the date told to the citizen never moves later; T13 restarts nothing."""
        case = self.case
        if event.action in NEW_TERM:
            self.promises.pop(case.cycle, None)
            assert event.action is not Action.GRANT_EXTENSION or before.extension_until == case.resolve_due
            first = case.first_due  # none where an administrator took the promise away
            assert event.action is not Action.GRANT_EXTENSION or first is None or first <= case.resolve_due
        if case.resolve_due is None:
            return
        first = case.promised_due if case.cycle == 1 and not case.extensions else case.resolve_due
        assert case.resolve_due <= self.promises.get(case.cycle, first)
        self.promises[case.cycle] = case.resolve_due
        assert before is None or event.action is Action.REWORK or case.cycle == before.cycle

    def check_told(self, before, event):
        """4 and 6: a refusal is told to the citizen; a sensitive case is shown and said to no agency."""
        told = notices(CASE_ID, before, event, view(self.case, self.at))
        ends = {State.CANCELLED, State.MERGED, State.REFERRED_OUT}
        refused = event.after in ends and event.before not in ends and event.action is not Action.CORRECT
        words = {Action.GRANT_EXTENSION, Action.REPLY, Action.CLOSE_FINALLY, Action.INTERIM, Action.MAKE_SAFE}
        if refused or event.action in words | {Action.KEEP_PROMISE}:
            assert any(isinstance(effect, Say) and isinstance(effect.to, ToReporter) for effect in told)
        if self.case.sensitive:
            for effect in told:
                shown = isinstance(effect, Say | ShowCard) and isinstance(effect.to, ToAgency)
                if shown and effect.to != ToAgency(self.case.agency_id):
                    assert isinstance(effect, ShowCard)  # only to be told that it is gone

    @invariant()
    def only_the_line_holds_it(self):
        """6: a sensitive case is with the inspection line or with nobody; what the line has, it alone reads."""
        if self.case.sensitive:
            assert self.case.agency_id in (None, LINE)
            assert self.case.agency_id is None or self.case.sealed

    @invariant()
    def word_is_owed_about_what_is_urgent(self):
        """The urgent clock runs from the mark until the case is made safe or has an answer, and for nothing else."""
        case = self.case
        if any(event.action is Action.CORRECT for event in self.events):
            return
        assert case.urgent_due is None or (case.urgent and case.state in OPEN)
        marked = max((event.seq for event in self.events if event.action is Action.SET_URGENT), default=0)
        answered = any(event.after not in OPEN for event in self.events[marked:])
        if case.urgent and case.safe_at is None and not answered:
            assert case.urgent_due is not None

    @invariant()
    def who_helps_is_known_and_no_result_goes_before_the_help_is_in(self):
        waiting = [task for task in self.case.tasks if task.state == "open"]
        assert len({task.agency_id for task in waiting}) == len(waiting)
        at_rest = {State.CANCELLED, State.MERGED, State.REFERRED_OUT, State.CLOSED, State.RESULT_SUBMITTED}
        assert not waiting or self.case.state not in at_rest or self.corrected()
        assert not (waiting and self.case.sensitive)

    def corrected(self):
        return any(event.action is Action.CORRECT for event in self.events)

    @invariant()
    def somebody_holds_it_and_a_clock_runs(self):
        """2: no open case without holder and running clock."""
        case = self.case
        if case.state not in OPEN:
            return
        with_operators = case.sensitive or case.state in {State.RECEIVED, State.NEED_INFO}
        assert case.agency_id is not None or with_operators or self.was_sensitive()
        if any(event.action is Action.CORRECT for event in self.events):
            return  # an administrator answers for what they put right
        clocks = {
            State.RECEIVED: case.forward_due,
            State.NEED_INFO: case.answer_due,
            State.REVIEW_REQUESTED: case.interaction_due,
        }
        assert clocks.get(case.state, case.resolve_due) is not None

    def was_sensitive(self):
        return any(event.data.get("sensitive") for event in self.events)

    @invariant()
    def fixed_is_shown(self):
        """5: "fixed" has after-evidence."""
        if self.case.outcome == "fixed":
            assert self.case.result_media

    @invariant()
    def nobody_of_an_agency_acts_on_a_sensitive_case(self):
        """6, from the other side: nothing is open to an agency that is not of the line."""
        if self.case.sensitive:
            for role in {*OF_AGENCY, Role.SUPERVISOR} - {Role.INSPECTION}:
                assert open_actions(self.case, frozenset({role}), self.law, above=True, in_stead=True) == ()

    @invariant()
    def the_history_is_the_case(self):
        """8: replaying the log rebuilds the case exactly, also after a turn through JSON."""
        assert replay(self.events) == self.case
        stored = [CaseEvent(**{**asdict(event), "data": json.loads(json.dumps(event.data))}) for event in self.events]
        assert replay(stored) == self.case
        assert [event.seq for event in self.events] == list(range(1, self.case.version + 1))

    @invariant()
    def a_message_waits_with_a_clock(self):
        """What the citizen wrote of their own accord has a date until it is answered (R74, R79)."""
        last = next((e.action for e in reversed(self.events) if e.action in {Action.ADD, Action.REPLY}), None)
        assert (self.case.thread_due is not None) == (last is Action.ADD)

    @invariant()
    def a_promise_has_a_day(self):
        """R111: what a result promises has a date, which nothing but its keeping, rework or another result ends."""
        case = self.case
        if any(event.action is Action.CORRECT for event in self.events):
            return
        assert (case.pledged_until is not None) == (case.outcome == "promised")
        assert case.pledge_kept_at is None or case.pledged_until is not None

    @invariant()
    def everybody_reports_once_and_brings_only_their_own(self):
        """Joint cases: nobody is counted twice, and what somebody brought goes with them."""
        reporters = self.case.reporters
        assert len(set(reporters)) == len(reporters)
        assert {one.case_id for one in self.case.brought} <= set(self.case.merged_in)
        assert set(self.case.rated_by) | set(self.case.disputed_by) <= {1, 2, 3}

    @invariant()
    def a_chain_is_confirmed(self):
        """A case is at a spot only after somebody said so, and not after they took it back."""
        said = [event.action for event in self.events if event.action in {Action.CHAIN, Action.UNCHAIN}]
        corrected = any(event.action is Action.CORRECT for event in self.events)
        assert corrected or (self.case.spot is not None) == (said[-1:] == [Action.CHAIN])

    @invariant()
    def an_extension_is_in_writing(self):
        """R15: a report to the competent authority and words for the citizen, or no request at all."""
        if self.case.extension_until is not None:
            assert self.case.extension_words
            assert self.case.extension_document or self.case.extension_media


class LongLifecycle(Lifecycle):
    """The same for as long as it takes to be sure: 300 lives of up to 50 steps."""


Lifecycle.TestCase.settings = tries(1, stateful_step_count=30)
LongLifecycle.TestCase.settings = tries(1.5, stateful_step_count=50)
TestLifecycle = Lifecycle.TestCase
TestLongLifecycle = pytest.mark.soak(LongLifecycle.TestCase)
