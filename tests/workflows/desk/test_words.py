"""The desk's words: complete in both languages, short where they must be, and nothing of the reporter in them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.words.catalogue import read_texts
from workflows.case.model import CANCEL_REASONS, OUTCOMES
from workflows.desk.flows import BLOCK_DAYS, FLOWS
from workflows.desk.spoken import SHORT

DESK = Path(__file__).parents[3] / "workflows" / "desk"
KEY = re.compile(r'"((?:desk|desk_button)\.[a-z_.]+)"')
TOAST = 200  # characters of an answer to a press (Telegram)


def words(language: str) -> dict[str, str]:
    """Of all files: what a part of the law adds to the desk stands beside its other words."""
    return {key: text for key, text in read_texts()[language].items() if key.startswith(("desk", "desk_"))}


def used() -> set[str]:
    """Keys that the code names whole, and those it puts together from the flows."""
    source = "\n".join(path.read_text(encoding="utf-8") for path in DESK.glob("*.py"))
    keys = {key for key in KEY.findall(source) if key not in ("desk.album", "desk.forget")}
    for verb, flow in FLOWS.items():
        keys |= {f"desk.agency.{verb}"} if "agency" in flow.asks else set()
        keys |= {f"desk.reason.{verb}"} if "reason" in flow.asks else set()
        keys |= {f"desk.words.{verb}"} if "words" in flow.asks else set()
        keys |= {f"desk.preview.{verb}"} if "preview" in flow.asks else set()
    keys |= {f"desk_button.days.{days}" for days in BLOCK_DAYS}
    keys |= {f"desk.gate.{status}" for status in ("pending", "not_member", "unknown", "anonymous")}
    keys |= {f"desk_say.{action.value}" for action in SHORT}
    keys |= {f"desk.media.{problem}" for problem in ("not_an_image", "too_large", "bomb", "gone")}
    return keys


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_key_has_words(language):
    assert sorted(used() - words(language).keys()) == []


def test_both_languages_have_the_same_keys_and_placeholders():
    vietnamese, english = words("vi"), words("en")
    assert vietnamese.keys() == english.keys()
    settings = {"province", "team", "address_form", "Address_form", "upper", "complaint_office"}
    for key, text in vietnamese.items():
        assert set(re.findall(r"{(\w+)}", text)) - settings == set(re.findall(r"{(\w+)}", english[key])) - settings, key


@pytest.mark.parametrize("language", ["vi", "en"])
def test_buttons_fit_a_phone(language):
    found = words(language)
    assert {key: text for key, text in found.items() if key.startswith("desk_button.") and len(text) > 20} == {}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_toasts_fit_a_toast(language):
    """A quarter is left for the settings that are filled in."""
    short = ("desk.toast.", "desk.gate.", "desk.link.hint", "desk.list.find_how", "desk.block_how")
    found = words(language)
    assert {key: text for key, text in found.items() if key.startswith(short) and len(text) > TOAST * 3 / 4} == {}


def test_the_program_never_says_i():
    assert [key for key, text in words("vi").items() if re.search(r"\btôi\b", text, re.IGNORECASE)] == []


@pytest.mark.parametrize("language", ["vi", "en"])
def test_chosen_codes_are_short_enough_for_buttons(language):
    case = read_texts()[language]
    labels = [f"outcome.{code}" for code in OUTCOMES] + [f"cancel.{code}" for code in CANCEL_REASONS]
    assert {label: case[label] for label in labels if len(case[label]) > 20} == {}
