"""The shipped data: categories that cover every field, speak everyday words, and fit on buttons."""

import re

import pytest
import yaml

from handlers.knowledge import tree_of
from storage.seeding import CATEGORIES, LOOKOUT, read_categories, read_lookout
from workflows.lookout import HARMLESS, flags
from workflows.text import fold, has_diacritics, words

ROWS = read_categories(yaml.safe_load(CATEGORIES.read_text(encoding="utf-8")))
TREE = tree_of(ROWS)
LEAVES = [node for node in TREE.nodes if TREE.leaf(node.code)]
BY_CODE = {node.code: node for node in TREE.nodes}

# The fields that the provinces' reports name, and where they are in the tree.
FIELDS = {
    "R4": ["urban-order", "security", "traffic", "environment", "fallen-tree"],
    "R32": [
        "urban-order",
        "environment",
        "urban",
        "telecom",
        "tourism",
        "public-services",
        "utilities",
        "other",
    ],
    "R60": ["production", "business", "living"],
    "R61": ["official-delay", "official-trouble", "official-harassment"],
    "R66": ["security", "tax"],
    "R76": ["security", "urban-order", "environment"],
    "R92": ["electricity", "water", "health", "education", "traffic", "urban", "environment"],
}


@pytest.mark.parametrize("source", FIELDS)
def test_every_field_of_the_sources_is_there(source):
    assert [code for code in FIELDS[source] if code not in BY_CODE] == []


def test_the_tree_has_two_levels_and_groups_are_not_empty():
    for node in TREE.nodes:
        assert not node.parent or not BY_CODE[node.parent].parent
    assert [root.code for root in TREE.roots() if not TREE.children(root.code)] == ["other"]


def test_names_fit_on_buttons():
    labels = {f"{node.emoji} {name}".strip() for node in TREE.nodes for name in (node.vi, node.en)}
    assert [label for label in labels if len(label) > 20] == []


def test_names_differ_and_codes_are_stable_ascii():
    assert len({node.vi for node in TREE.nodes}) == len({node.en for node in TREE.nodes}) == len(TREE.nodes)
    assert [node.code for node in TREE.nodes if not re.fullmatch(r"[a-z]+(-[a-z]+)*", node.code)] == []


@pytest.mark.parametrize("node", LEAVES, ids=lambda node: node.code)
def test_every_leaf_has_examples_and_words_as_people_write(node):
    assert 2 <= len(node.examples) <= 4
    assert any(not has_diacritics(example) for example in node.examples), "none without diacritics"
    assert node.words
    assert len(set(node.words)) == len(node.words)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("den duong", "lighting"),
        ("ổ gà", "road"),
        ("o ga", "road"),
        ("nap cong", "manhole"),
        ("cúp điện", "power-cut"),
        ("karaoke", "noise"),
        ("lấn chiếm", "encroachment"),
        ("so do", "land"),
        ("phien ha", "official-trouble"),
        ("mat song", "signal"),
        ("xe buyt", "bus"),
    ],
)
def test_everyday_words_lead_to_a_category(typed, code):
    sought = f" {fold(typed)} "
    found = [node.code for node in LEAVES if any(sought in f" {fold(word)} " for word in node.words)]
    assert code in found


def test_what_is_about_officials_is_sensitive_all_the_way_and_nothing_else_is():
    about = {node.code for node in TREE.nodes if "officials" in (node.code, node.parent)}
    assert {node.code for node in TREE.nodes if node.sensitive} == about
    assert len(about) > 3


def test_officials_conduct_is_never_worded_as_a_crime():
    """That would be a denunciation, which follows another law (R61)."""
    said = " ".join(
        fold(text) for node in TREE.nodes if node.sensitive for text in (node.vi, node.en, *node.examples, *node.words)
    )
    for crime in ("hoi lo", "tong tien", "dua tien", "doi tien", "tham nhung", "bribe", "extort"):
        assert crime not in said


def test_examples_of_ordinary_matters_raise_no_alarm():
    lookout = read_lookout()
    danger = (*lookout.danger, *(word for node in TREE.nodes for word in node.danger))
    alarming = [
        example
        for node in LEAVES
        for example in node.examples
        if flags(example, danger, lookout.formal, lookout.secret)
    ]
    assert alarming == []


@pytest.mark.parametrize("node", [node for node in TREE.nodes if node.danger], ids=lambda node: node.code)
def test_danger_words_of_a_category_are_heard_in_a_sentence(node):
    for word in node.danger:
        assert not word.startswith(HARMLESS)
        assert flags(f"Ở đây {word.lstrip('=')} rồi", node.danger, (), ()) == ("danger",)
        assert words(word)


def test_the_lookout_listens_for_all_three():
    lookout = read_lookout()
    assert LOOKOUT.exists()
    assert all((lookout.danger, lookout.formal, lookout.secret))
