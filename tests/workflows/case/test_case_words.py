"""Every code and every refusal of the case has words in both languages, and no words are left over."""

import ast
import inspect
import re

import pytest
import yaml

from bot.words.catalogue import FOLDER, read_texts
from tests.workflows.case.story import MONDAY
from tests.workflows.case.test_notices import CATALOGUE
from workflows.case import cards, decide, guards, moves, notices, reasons, urgency
from workflows.case.model import CANCEL_REASONS, OUTCOMES, RATINGS, State
from workflows.messages import moment, text, word

GIVEN = {"officer", "agency", "at", "state", "count"}  # what a refusal is always said with


def keys_in(module) -> set[str]:
    """Every catalogue key that a module writes down whole."""
    tree = ast.parse(inspect.getsource(module))
    strings = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return {one for one in strings if re.fullmatch(r"(card|card_button|notice|refused)\.[a-z_]*[a-z]", one)}


def own_keys() -> set[str]:
    """The keys of case.yaml."""

    def flat(node, prefix=""):
        for name, value in node.items():
            yield from flat(value, f"{prefix}{name}.") if isinstance(value, dict) else [f"{prefix}{name}"]

    return set(flat(yaml.safe_load((FOLDER / "vi" / "case.yaml").read_text())))


def computed() -> set[str]:
    """Keys that are put together from codes."""
    codes = {
        "state": State,
        "outcome": OUTCOMES,
        "cancel": CANCEL_REASONS,
        "transfer": reasons.TRANSFER_REASONS,
        "refer": reasons.REFER_REASONS,
    }
    made = {f"{kind}.{code}" for kind, values in codes.items() for code in values}
    made |= {f"rating.{level}" for level in RATINGS}
    made |= {f"notice.next.{reason}" for reason in CANCEL_REASONS}
    made |= {f"card.flag_{flag}" for flag in ("danger", "urgent", "formal", "secret")}
    made |= {f"card.when_{step}" for step in ("opened", "assigned", "claimed", "finished", "closed", "cancelled")}
    made |= {"notice.received_forward", "notice.received_latest"}
    return (
        made
        | {f"notice.holder_{what}_media" for what in ("answer", "disputed", "added")}
        | {"notice.operators_revival_media"}
    )


def said():
    return {key for module in (guards, urgency, moves, decide, notices, cards) for key in keys_in(module)}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_key_has_words(language):
    wanted = computed() | said()
    assert wanted <= CATALOGUE.keys(language)


def test_no_words_are_left_over():
    used = computed() | said()
    assert own_keys() - used == set()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_refusal_can_be_said_with_what_is_given(language):
    values = {
        "officer": text("Lê Cán Bộ"),
        "agency": text("UBND phường An Cựu"),
        "at": moment(MONDAY),
        "state": word("state.closed"),
        "count": text("2"),
    }
    for key in {one for one in own_keys() if one.startswith("refused.")}:
        assert CATALOGUE.placeholders(language, key) <= GIVEN
        assert "{" not in CATALOGUE.text(language, key, values)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_labels_fit_on_a_button(language):
    kinds = ("card_button.", "rating.", "outcome.", "cancel.", "transfer.")
    texts = read_texts()[language]
    too_long = {key: words for key, words in texts.items() if key.startswith(kinds) and len(words) > 20}
    assert too_long == {}


def test_vietnamese_speaks_as_agreed():
    """Courteous, no "tôi", traditional placement of tone marks (words.md)."""
    texts = read_texts()["vi"]
    for key in own_keys():
        words = texts[key]
        assert not re.search(r"\btôi\b|không hợp lệ|hoà|huỷ|xoá", words, re.IGNORECASE), (key, words)
