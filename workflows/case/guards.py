"""What stands in the way of a move: each guard refuses with a sentence, or lets it pass (domain.md 5.6)."""

from __future__ import annotations

from workflows.actions import Action
from workflows.case import reasons, support
from workflows.case.law import Law
from workflows.case.model import PROMISED, Act, Case, Refusal, Role, State
from workflows.case.officials import line_fits

R = Role
S = State

# Where a case may stand that others are merged into: not finished, not merged itself (T7).
MASTERS = (S.RECEIVED, S.NEED_INFO, S.ASSIGNED, S.IN_PROGRESS, S.TRANSFER_REQUESTED, S.SCHEDULED, S.RESULT_SUBMITTED)

# --- guards that need the case and the policy only ---


def questions_left(case: Case, act: Act, law: Law) -> Refusal | None:
    """The doer asks at most so many times a cycle (T15); what was asked at intake does not count."""
    if case.questions < law.policy.questions_per_cycle:
        return None
    return Refusal("refused.asked_enough", {"count": str(law.policy.questions_per_cycle)})


def head_or_delegate(case: Case, act: Act, law: Law) -> Refusal | None:
    """T12 belongs to the head. R16 knows a delegate on record: until heads are named everywhere, the policy
    ``transfer_by_focal`` makes the focal officer that delegate, and the event records who did it as what."""
    if law.policy.transfer_by_focal or act.roles & {R.HEAD, R.ADMIN, R.OPERATOR}:
        return None
    return Refusal("refused.head_only")


def not_sensitive(case: Case, act: Act, law: Law) -> Refusal | None:
    """What a report about officials is spared (R61): nobody can press its sender to take it back."""
    return Refusal("refused.sensitive_stays") if case.sensitive else None


def operators_may_still(case: Case, act: Act, law: Law) -> Refusal | None:
    """After so many hops a leader decides where a case goes; an administrator may record that (T13)."""
    if case.hops < law.policy.hops_before_leader or act.roles & {R.LEADER, R.ADMIN}:
        return None
    return Refusal("refused.leader_decides", {"count": str(case.hops)})


def once_per_cycle(case: Case, act: Act, law: Law) -> Refusal | None:
    """T23 once per cycle and reporter; after T25 there is the appeal, after T26 nothing."""
    before = act.person_id in case.disputed_by or (R.ADMIN in act.roles and case.disputed)
    return Refusal("refused.disputed_before") if before or case.final else None


def upheld_once(case: Case, act: Act, law: Law) -> Refusal | None:
    """T25b: once, and only against a result that was upheld."""
    return None if case.upheld and not case.appealed else Refusal("refused.no_appeal")


def by_whom_it_is(case: Case, act: Act, law: Law) -> Refusal | None:
    """An appeal is decided by the leader, who is not the one that upheld the result (T25b)."""
    others = not act.roles & {R.LEADER, R.ADMIN}
    return Refusal("refused.leader_answers") if case.appealed and others else None


def appealed(case: Case, act: Act, law: Law) -> Refusal | None:
    """T26 ends an appeal, and nothing else."""
    return None if case.appealed else Refusal("refused.no_appeal")


def not_appealed(case: Case, act: Act, law: Law) -> Refusal | None:
    """What was upheld once is not upheld again: the leader reworks or closes (T24, T26)."""
    return Refusal("refused.appealed") if case.appealed else None


def as_it_was_sent(case: Case, act: Act, law: Law) -> Refusal | None:
    """Citizens join with what they are sending, not later: from then on merging is the operators' (T7)."""
    alone = R.CITIZEN in act.roles and not act.roles & {R.OPERATOR, R.ADMIN}
    return Refusal("refused.not_allowed") if alone and case.version > 1 else None


def one_oneself(case: Case, act: Act, law: Law) -> Refusal | None:
    """Who joins or leaves a case of others does so for themselves, once."""
    if R.CITIZEN not in act.roles or act.roles & {R.OPERATOR, R.ADMIN}:
        return None
    if case.sensitive:
        return Refusal("refused.not_yours")  # nobody learns that there is one (R61)
    if act.action is Action.JOIN:
        return Refusal("refused.joined_before") if act.target_person_id in case.reporters else None
    return None if act.target_person_id in case.joined else Refusal("refused.not_joined")


def still_follows(case: Case, act: Act, law: Law) -> Refusal | None:
    """Who has left a joint case does not leave it again, and has no case of their own left to be taken apart."""
    return Refusal("refused.has_left") if case.left else None


def trouble_again(case: Case, act: Act, law: Law) -> Refusal | None:
    """There is an earlier case to chain it to, and it is in no chain yet."""
    if case.spot is not None:
        return Refusal("refused.chained_before")
    return None if case.earlier or act.target_case_id is not None else Refusal("refused.no_earlier")


def is_chained(case: Case, act: Act, law: Law) -> Refusal | None:
    """There is a chain to take it out of."""
    return Refusal("refused.not_chained") if case.spot is None else None


def nobody_joined(case: Case, act: Act, law: Law) -> Refusal | None:
    """What several people reported, one of them cannot withdraw (T31)."""
    return Refusal("refused.others_joined") if case.joined else None


def promise_open(case: Case, act: Act, law: Law) -> Refusal | None:
    """Only what was promised by a date, and is not done yet, can be done (R111)."""
    return None if case.pledged_until and case.pledge_kept_at is None else Refusal("refused.nothing_promised")


def no_extension_asked(case: Case, act: Act, law: Law) -> Refusal | None:
    """One request at a time."""
    return Refusal("refused.extension_asked") if case.extension_until else None


def extension_asked(case: Case, act: Act, law: Law) -> Refusal | None:
    """There is nothing to decide without a request."""
    return None if case.extension_until else Refusal("refused.no_extension_asked")


def proposed_by_holder(case: Case, act: Act, law: Law) -> Refusal | None:
    """T6: what a unit holds is cancelled on its head's reasoned proposal only; an administrator may act for both."""
    held = case.agency_id is not None and case.state is not S.RECEIVED and not case.sensitive
    missing = held and case.proposal != "cancel" and R.ADMIN not in act.roles
    return Refusal("refused.no_cancel_proposed") if missing else None


def no_proposal(case: Case, act: Act, law: Law) -> Refusal | None:
    """One proposal at a time."""
    return Refusal("refused.proposal_waits") if case.proposal else None


def proposal_waits(case: Case, act: Act, law: Law) -> Refusal | None:
    """There is nothing to refuse without a proposal."""
    return None if case.proposal else Refusal("refused.no_proposal")


def revival_asked(case: Case, act: Act, law: Law) -> Refusal | None:
    """T28 follows what the citizen asked for, or an administrator's own look."""
    return None if case.revival_asked or R.ADMIN in act.roles else Refusal("refused.no_revival_asked")


def revival_not_asked(case: Case, act: Act, law: Law) -> Refusal | None:
    """Asking once is enough."""
    return Refusal("refused.revival_asked") if case.revival_asked else None


def message_waits(case: Case, act: Act, law: Law) -> Refusal | None:
    """There is something to answer."""
    return None if case.thread_due else Refusal("refused.nothing_to_answer")


def not_yet_urgent(case: Case, act: Act, law: Law) -> Refusal | None:
    """Setting what is set would only be noise in the history."""
    return Refusal("refused.already_urgent") if case.urgent else None


def is_urgent(case: Case, act: Act, law: Law) -> Refusal | None:
    """There is nothing to clear on an ordinary case."""
    return None if case.urgent else Refusal("refused.not_urgent")


def support_is_in(case: Case, act: Act, law: Law) -> Refusal | None:
    """T18: what others were asked for is done, declined or waived before the one answer goes out."""
    return Refusal("refused.support_open") if support.open_tasks(case) else None


def support_asked(case: Case, act: Act, law: Law) -> Refusal | None:
    """There is somebody to wait for."""
    return None if support.open_tasks(case) else Refusal("refused.no_support_open")


# --- guards that need the act ---


def helper_fits(case: Case, act: Act, law: Law) -> Refusal | None:
    """Help comes from another unit, one piece at a time."""
    if act.target_agency_id == case.agency_id:
        return Refusal("refused.same_agency")
    return Refusal("refused.support_asked") if support.open_task_of(case, act.target_agency_id) else None


def support_ahead(case: Case, act: Act, law: Law) -> Refusal | None:
    """A term of its own lies ahead; without one the policy's holds."""
    return Refusal("refused.date_past") if act.until is not None and act.until <= act.at else None


def support_known(case: Case, act: Act, law: Law) -> Refusal | None:
    """Of several units that were asked, one is named."""
    unit = support.whose(case, act)
    return Refusal("refused.need_helper") if support.open_task_of(case, unit) is None else None


def support_overdue(case: Case, act: Act, law: Law) -> Refusal | None:
    """The timer speaks once, when the term is over."""
    over = any(support.is_over(task, act.at) for task in case.tasks)
    return None if over else Refusal("refused.too_early")


def nothing_personal(case: Case, act: Act, law: Law) -> Refusal | None:
    """What goes to reporters and to the public holds no personal data; nobody may send it all the same."""
    return Refusal("refused.personal_data", {"where": act.exposed}) if act.exposed else None


def earlier_fits(case: Case, act: Act, law: Law) -> Refusal | None:
    """A chain is of different cases, and none of them is about officials (R61)."""
    other = act.target_case
    if other is None:
        return Refusal("refused.need_case")
    if other.code == case.code:
        return Refusal("refused.same_case")
    return Refusal("refused.sensitive_apart") if other.sensitive else None


def in_time(case: Case, act: Act, law: Law) -> Refusal | None:
    """More time is asked for before the due time, not after it (R15)."""
    late = case.resolve_due is None or act.at >= case.resolve_due
    return Refusal("refused.extension_late") if late else None


def later_date(case: Case, act: Act, law: Law) -> Refusal | None:
    """The new date lies after the promised one."""
    later = act.until is not None and case.resolve_due is not None and act.until > case.resolve_due
    return None if later else Refusal("refused.date_not_later")


def resume_due(case: Case, act: Act, law: Law) -> Refusal | None:
    """The timer takes a scheduled case up again some days before its date, not earlier (T17)."""
    early = R.TIMER in act.roles and case.resume_at is not None and act.at < case.resume_at
    return Refusal("refused.too_early") if early else None


def within_revival(case: Case, act: Act, law: Law) -> Refusal | None:
    """What has ended can be taken up again for some time (T27, T28)."""
    late = case.revive_until is not None and act.at > case.revive_until
    return Refusal("refused.too_late") if late else None


def master_fits(case: Case, act: Act, law: Law) -> Refusal | None:
    """T7: the case that goes on is another one, still being worked on, and as sensitive or not as this one (R61)."""
    master = act.target_case
    if master is None:
        return Refusal("refused.need_case")
    if master.code == case.code:
        return Refusal("refused.same_case")
    if case.merged_in:
        return Refusal("refused.is_master")
    if master.state is S.MERGED:
        return Refusal("refused.master_merged")
    if master.state not in MASTERS:
        return Refusal("refused.master_finished")
    return Refusal("refused.sensitive_apart") if master.sensitive != case.sensitive else None


def unit_for_case(case: Case, act: Act, law: Law) -> Refusal | None:
    """An ordinary case goes to a unit; a sensitive one to the inspection line, or the operators keep it where there
    is none (R61)."""
    if act.target_agency_id is not None:
        return line_fits(case, act, law)
    if case.sensitive:
        return Refusal("refused.need_line") if case.sealed else None
    return Refusal("refused.need_agency")


def unit_stands(case: Case, act: Act, law: Law) -> Refusal | None:
    """Who has been merged into another unit, or is yet to begin, is given nothing on this day (T9, T13)."""
    if act.target_stands:
        return None
    return Refusal("refused.unit_ended", {"unit_id": str(act.target_agency_id or case.proposed_agency_id or "")})


def timer_may_assign(case: Case, act: Act, law: Law) -> Refusal | None:
    """The routing table decides alone only where nothing asks for a person's look (5.6, below the table). What a
    sealed case says, the operators may not look at."""
    looked_at = not case.sensitive and {"formal", "secret", "not_officials"} & set(case.flags)
    return Refusal("refused.needs_operator") if R.TIMER in act.roles and looked_at else None


def another_unit(case: Case, act: Act, law: Law) -> Refusal | None:
    """A transfer to the unit that holds the case is none."""
    same = act.target_agency_id is not None and act.target_agency_id == case.agency_id
    return Refusal("refused.same_agency") if same else None


def transfer_target(case: Case, act: Act, law: Law) -> Refusal | None:
    """The unit that was named, else the one that was proposed; never the one that asked to be rid of the case."""
    target = act.target_agency_id or case.proposed_agency_id
    if target is None:
        return Refusal("refused.need_agency")
    return Refusal("refused.same_agency") if target == case.agency_id else None


def in_branch(case: Case, act: Act, law: Law) -> Refusal | None:
    """Delegating stays inside the holder's branch of the tree; the operators stand above all branches."""
    if act.target_person_id is not None or act.target_in_branch or case.agency_id is None:
        return None
    return Refusal("refused.not_in_branch")


def promise_dated(case: Case, act: Act, law: Law) -> Refusal | None:
    """A result that promises something says by when, and that day is still to come (R111)."""
    if act.outcome != PROMISED:
        return None
    if act.until is None:
        return Refusal("refused.need_promise_date")
    return None if act.until > act.at else Refusal("refused.promise_past")


def after_photo(case: Case, act: Act, law: Law) -> Refusal | None:
    """ "Fixed" is shown, not said (invariant 5)."""
    missing = act.outcome in reasons.AFTER_PHOTO_OUTCOMES and not act.media
    return Refusal("refused.need_after_photo") if missing else None


def obstacle_named(case: Case, act: Act, law: Law) -> Refusal | None:
    """What is not possible has a reason from the list, so that lacks of one kind can be counted (R47)."""
    missing = act.outcome == reasons.NOT_POSSIBLE and act.reason not in reasons.OBSTACLES
    return Refusal("refused.need_reason") if missing else None


def sanction_named(case: Case, act: Act, law: Law) -> Refusal | None:
    """A sanction has the number of its decision and its amount (R52)."""
    named = bool(act.reference) and act.fine is not None and act.fine >= 0
    return Refusal("refused.need_sanction") if act.outcome == reasons.SANCTION and not named else None


def checker(case: Case, act: Act, law: Law) -> Refusal | None:
    """The timer accepts a result only where the policy says that nobody checks it."""
    policy = law.of(case.category, urgent=case.urgent).policy
    by_itself = R.TIMER in act.roles and policy.checks(enterprise=case.enterprise)
    return Refusal("refused.not_allowed") if by_itself else None


def answers_question(case: Case, act: Act, law: Law) -> Refusal | None:
    """Who accepts a result says that it answers the question asked (R62); the timer only where nobody checks."""
    return None if act.ticked or R.TIMER in act.roles else Refusal("refused.need_tick")


def reminder_due(case: Case, act: Act, law: Law) -> Refusal | None:
    """Each reminder at its time: a timer left over from an earlier question finds that it is too early (or enough)."""
    nth = case.reminders
    due = nth < len(case.reminders_at) and act.at >= case.reminders_at[nth]
    return None if due else Refusal("refused.too_early")


def answer_overdue(case: Case, act: Act, law: Law) -> Refusal | None:
    """Giving up needs all reminders sent and the citizen's term over (T5, T5b)."""
    reminded = case.reminders >= len(case.reminders_at)
    over = case.answer_due is None or act.at >= case.answer_due
    return None if reminded and over else Refusal("refused.too_early")


def window_over(case: Case, act: Act, law: Law) -> Refusal | None:
    """Silence closes a case only at the end of the rating window (T22)."""
    over = case.rating_until is None or act.at >= case.rating_until
    return None if over else Refusal("refused.too_early")


def citizen_says_something(case: Case, act: Act, law: Law) -> Refusal | None:
    """An answer is words, a picture or a place; an operator may go on without one (T4)."""
    by_citizen = R.CITIZEN in act.roles and not act.roles & {R.OPERATOR, R.ADMIN}
    empty = not (act.words or act.media or act.position)
    return Refusal("refused.need_words_or_media") if by_citizen and empty else None


def sensitive_by_operator(case: Case, act: Act, law: Law) -> Refusal | None:
    """Only the operators may put a case among the sensitive ones: an agency could hide a case that way."""
    hides = act.sensitive and not case.sensitive
    if hides and not act.roles & {R.OPERATOR, R.ADMIN}:
        return Refusal("refused.sensitive_by_operator")
    return None


def another_category(case: Case, act: Act, law: Law) -> Refusal | None:
    """A correction changes something: the field, or whether the case is about officials."""
    same = act.category == case.category and bool(act.sensitive) == case.sensitive
    return Refusal("refused.same_category") if same else None
