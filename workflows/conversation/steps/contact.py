"""A name and a phone number, asked only where the policy wants them for the category; their form is checked (R19)."""

from __future__ import annotations

import re
from dataclasses import replace

from workflows.conversation.facts import Facts, wanted
from workflows.conversation.state import Dialog
from workflows.conversation.step import Answer, Question, Turn, line, nothing_to_choose, refuse
from workflows.messages import Message
from workflows.report import Report

# Vietnamese numbers: mobile 03, 05, 07, 08, 09 and eight digits more, fixed 02 and nine; abroad with + and their own.
_VIETNAMESE = re.compile(r"0(?:[35789]\d{8}|2\d{9})")
_FOREIGN = re.compile(r"\+[1-9]\d{7,14}")
_SEPARATORS = re.compile(r"[\s.\-()]")
LONGEST_NAME = 80  # characters


def phone_in(words: str) -> str | None:
    """A phone number as typed, without separators and with 0 for +84; None for what cannot be one."""
    digits = _SEPARATORS.sub("", words)
    if re.fullmatch(r"(?:\+|00)?84\d{9,10}", digits):
        digits = "0" + re.sub(r"^(?:\+|00)?84", "", digits)
    return digits if _VIETNAMESE.fullmatch(digits) or _FOREIGN.fullmatch(digits) else None


def wants_name(dialog: Dialog, facts: Facts) -> bool:
    """Whether the policy wants a name for this category."""
    return wanted("name", dialog.report.category, facts)


def wants_phone(dialog: Dialog, facts: Facts) -> bool:
    """Whether the policy wants a phone number for this category."""
    return wanted("phone", dialog.report.category, facts)


def only_wanted(dialog: Dialog, facts: Facts) -> Report:
    """The report without what was given for another category: what is not wanted is not kept."""
    report = dialog.report
    name = report.contact_name if wants_name(dialog, facts) else ""
    return replace(report, contact_name=name, phone=report.phone if wants_phone(dialog, facts) else "")


def _name_done(dialog: Dialog, facts: Facts) -> bool:
    return bool(dialog.report.contact_name) or not wants_name(dialog, facts)


def _phone_done(dialog: Dialog, facts: Facts) -> bool:
    return bool(dialog.report.phone) or not wants_phone(dialog, facts)


def _ask_name(_: Dialog, __: Facts) -> Message:
    return Message((line("contact.ask_name"),))


def _ask_phone(_: Dialog, __: Facts) -> Message:
    return Message((line("contact.ask_phone"),))


def _read_name(turn: Turn, words: str) -> Answer:
    name = " ".join(words.split())
    letters = sum(letter.isalpha() for letter in name)
    if letters < 2 or any(letter.isdigit() for letter in name) or len(name) > LONGEST_NAME:
        return refuse(turn, "contact.bad_name")
    return Answer(replace(turn.dialog, report=replace(turn.dialog.report, contact_name=name)))


def _read_phone(turn: Turn, words: str) -> Answer:
    phone = phone_in(words)
    if phone is None:
        return refuse(turn, "contact.bad_phone")
    return Answer(replace(turn.dialog, report=replace(turn.dialog.report, phone=phone)))


NAME = "contact_name"
PHONE = "phone"
NAME_STEP = Question(NAME, _name_done, _ask_name, nothing_to_choose, _read_name)
PHONE_STEP = Question(PHONE, _phone_done, _ask_phone, nothing_to_choose, _read_phone)
