"""The shipped data: categories that cover every field, speak everyday words, and fit on buttons."""

import re

import pytest
import yaml

from handlers.knowledge import tree_of
from storage.seeding import CATEGORIES, LOOKOUT, SENTENCES, read_categories, read_lookout, read_sentences
from tests.workflows.conversation.heard import HEARD, ROUNDABOUT
from workflows.conversation.accuracy import asked
from workflows.conversation.evidence import Lesson, features
from workflows.lookout import HARMLESS, flags
from workflows.text import fold, has_diacritics, words

ROWS = read_categories(yaml.safe_load(CATEGORIES.read_text(encoding="utf-8")))
TREE = tree_of(ROWS)
LESSONS = tuple(read_sentences(yaml.safe_load(SENTENCES.read_text(encoding="utf-8"))))
TAUGHT = tree_of(ROWS, LESSONS)
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


def test_every_leaf_has_sentences_and_nothing_else_has():
    assert {lesson.category for lesson in LESSONS} == {leaf.code for leaf in LEAVES}
    for leaf in LEAVES:
        ours = [lesson.text for lesson in LESSONS if lesson.category == leaf.code]
        assert len(ours) >= 3
        assert any(map(has_diacritics, ours)), leaf.code
        assert not all(map(has_diacritics, ours)), leaf.code


def test_sentences_speak_as_people_do():
    said = [word for lesson in LESSONS for word in re.findall(r"\w+", lesson.text.lower())]
    assert {"ni", "mô", "rứa", "chi", "nác", "kiệt", "bể", "té"} <= set(said), "Central speech"
    assert {"ko", "bv", "hs", "đt", "bhyt", "pccc"} <= set(said), "short forms"


def test_sentences_differ_and_what_is_measured_by_is_none_of_them():
    said = [features(lesson.text) for lesson in LESSONS]
    assert len(set(said)) == len(said)
    assert {features(sentence) for _, sentence in (*HEARD, *ROUNDABOUT)}.isdisjoint(said)


@pytest.mark.parametrize("typed", [str, fold], ids=["with diacritics", "without"])
def test_suggestions_for_sentences_that_nothing_was_learned_from(typed):
    questions = [Lesson(code, typed(sentence)) for code, sentence in HEARD]
    found, before = asked(TAUGHT, questions), asked(TREE, questions)
    assert {code for code, _ in HEARD} == {leaf.code for leaf in LEAVES} - {"other"}
    assert found.top1 > 0.95
    assert found.top3 > 0.98
    assert before.top1 < found.top1


@pytest.mark.parametrize("typed", [str, fold], ids=["with diacritics", "without"])
def test_suggestions_for_what_is_told_in_a_roundabout_way(typed):
    found = asked(TAUGHT, [Lesson(code, typed(sentence)) for code, sentence in ROUNDABOUT])
    assert found.top1 > 0.5
    assert found.top3 > 0.65


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("nac ngap vo nha toi dau goi", "drainage"),
        ("bong den trong kiet tat ngam may bua ni", "lighting"),
        ("xe oto do kin het kiet", "parking"),
        ("cho ngay mo cung chay rong can nguoi", "animals"),
        ("vo bv cho mai ko toi luot kham", "hospital"),
        ("rac chi ma nhieu rua, thui qua", "rubbish"),
        ("hát hò inh ỏi răng mà chịu nổi, karaoke tới khuya", "noise"),
        ("cúp điện chi mà cúp hoài rứa", "power-cut"),
        ("làm cccd ở mô", "procedure"),
        ("csgt mô rồi, xe tải chạy ẩu quá trời", "unsafe-driving"),
    ],
)
def test_dialect_and_short_forms_lead_to_a_category(typed, code):
    assert TAUGHT.search(typed)[0].code == code


@pytest.mark.parametrize(
    "typed", ["xin chào anh chị", "cảm ơn nhiều nhé", "như ảnh", "hello", "ok", "123", "mai đi chơi không em"]
)
def test_small_talk_suggests_nothing(typed):
    assert TAUGHT.search(typed) == ()


def test_the_lookout_listens_for_all_three():
    lookout = read_lookout()
    assert LOOKOUT.exists()
    assert all((lookout.danger, lookout.formal, lookout.secret))
