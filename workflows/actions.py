"""What can be done to a case, by name: said by the rules of both sides, decided by the table of moves."""

from __future__ import annotations

from enum import StrEnum


class Action(StrEnum):
    """What somebody does to a case: a move of the table, or a remark beside it that changes no state."""

    OPEN = "open"  # T1
    ASK = "ask"  # T3, T15
    ANSWER = "answer"  # T4
    GIVE_UP_ASKING = "give_up_asking"  # T5, T5b (timer)
    CANCEL = "cancel"  # T6
    ASSIGN = "assign"  # T9
    CLAIM = "claim"  # T10
    DELEGATE = "delegate"  # T11
    REQUEST_TRANSFER = "request_transfer"  # T12
    TRANSFER = "transfer"  # T13
    REFUSE_TRANSFER = "refuse_transfer"  # T14
    SUBMIT_RESULT = "submit_result"  # T18
    ACCEPT_RESULT = "accept_result"  # T19, T20
    RETURN_RESULT = "return_result"  # T21
    RATE = "rate"  # T22, T23b: a rating; closes when normal or better
    CLOSE_UNRATED = "close_unrated"  # T22 at the end of the rating window (timer)
    DISPUTE = "dispute"  # T23: not solved
    REWORK = "rework"  # T24
    UPHOLD = "uphold"  # T25
    APPEAL = "appeal"  # T25b: once more, to the leader
    CLOSE_FINALLY = "close_finally"  # T26
    WITHDRAW = "withdraw"  # T31
    MERGE = "merge"  # T7
    UNMERGE = "unmerge"  # T29
    REFER_OUT = "refer_out"  # T8
    TAKE_BACK = "take_back"  # T30
    GRANT_EXTENSION = "grant_extension"  # T16
    RESUME = "resume"  # T17
    REVIVE = "revive"  # T28
    CORRECT = "correct"  # T33
    # Remarks and corrections: an event each, no change of state.
    NOTE = "note"
    ADD = "add"  # the citizen adds words or media
    CORRECT_CATEGORY = "correct_category"
    CORRECT_PLACE = "correct_place"
    REMIND_ANSWER = "remind_answer"  # a reminder to the citizen was sent (timer)
    SET_URGENT = "set_urgent"  # T32
    CLEAR_URGENT = "clear_urgent"
    TAKE_CALL = "take_call"  # somebody of the unit answers the call-out
    INTERIM = "interim"  # what the citizen is told meanwhile about an urgent case
    MAKE_SAFE = "make_safe"  # the danger is averted: the urgent clock ends
    REQUEST_EXTENSION = "request_extension"  # what T16 decides on
    REFUSE_EXTENSION = "refuse_extension"
    ASK_REVIVAL = "ask_revival"  # what T28 decides on
    KEEP_PROMISE = "keep_promise"  # what a result promised by a date is done (R111)
    REPLY = "reply"  # the holder's answer to what the citizen wrote of their own accord
    JOIN = "join"  # the other half of T7, on the case that goes on
    PART = "part"  # the other half of T29
    SET_SENSITIVE = "set_sensitive"  # it is about officials after all: it leaves its unit at once (R61)
    CLEAR_SENSITIVE = "clear_sensitive"  # it is not: an ordinary case again
    NAME_UNIT = "name_unit"  # which unit a sensitive case is about
    PROPOSE_CANCEL = "propose_cancel"  # without which T6 cancels nothing that a unit holds
    PROPOSE_MERGE = "propose_merge"  # what T7 decides on, where a unit asks for it
    REFUSE_PROPOSAL = "refuse_proposal"
    ASK_SUPPORT = "ask_support"  # a piece of work that the unit with the case asks of another
    ANSWER_SUPPORT = "answer_support"
    DECLINE_SUPPORT = "decline_support"
    WAIVE_SUPPORT = "waive_support"  # the unit with the case goes on without it
    REMIND_SUPPORT = "remind_support"  # its term is over (timer)
    LEAVE = "leave"  # a citizen follows a case no longer that they joined
    CHAIN = "chain"  # the same trouble at the same spot again, as a person has confirmed
    UNCHAIN = "unchain"
