"""What words speak for: learned from sentences, unlearned without them, and deaf to what only one person wrote."""

from hypothesis import given
from hypothesis import strategies as st

from tests.often import tries
from tests.workflows.conversation.heard import HEARD
from workflows.conversation.categories import Category, CategoryTree
from workflows.conversation.evidence import SPOKEN, Evidence, Lesson, features
from workflows.text import fold

SHIPPED = tuple(Lesson(code, sentence) for code, sentence in HEARD)
EVIDENCE = Evidence(SHIPPED)
NODES = tuple(Category(code, code, code) for code in ("lamp", "tree", "dog"))
OURS = (
    Lesson("lamp", "đèn đường trong kiệt tắt cả tuần"),
    Lesson("tree", "cây to đổ chắn ngang đường"),
    Lesson("dog", "chó chạy rông trong công viên"),
)
SAID = "bả chó rải ở gốc cây công viên"

sentences = st.sampled_from([sentence for _, sentence in HEARD])


def first(lessons, said):
    found = CategoryTree(NODES, lessons).search(said)
    return found[0].code if found else None


def weighed(evidence, said):
    return {code: round(meaning.fits, 9) for code, meaning in evidence.weigh(said).items()}


@given(sentences, st.sampled_from(["!", " ...", "?!", " 💡", "\n", ", "]))
def test_marks_and_capitals_say_nothing(sentence, mark):
    said = EVIDENCE.weigh(sentence)
    assert EVIDENCE.weigh(mark + sentence.upper() + mark) == said
    assert EVIDENCE.weigh(mark.join(sentence.split())) == said


@given(sentences)
def test_marks_on_letters_say_nothing(sentence):
    assert EVIDENCE.weigh(fold(sentence)) == EVIDENCE.weigh(sentence)


@given(st.permutations(SHIPPED))
@tries(0.2)
def test_lessons_may_come_in_any_order(lessons):
    for _, sentence in HEARD[:5]:
        assert weighed(Evidence(lessons), sentence) == weighed(EVIDENCE, sentence)


@given(st.text(max_size=300))
def test_anything_may_be_typed(text):
    for meaning in EVIDENCE.weigh(text).values():
        assert meaning.pairs >= 0


@given(sentences)
def test_saying_it_twice_adds_no_more_than_where_the_two_meet(sentence):
    twice = features(f"{sentence} {sentence}") - features(sentence)
    assert len(twice) <= 1


def test_numbers_are_not_listened_to():
    assert features("gọi 0905123456 nhà 12") == features("gọi nhà")


def test_short_forms_and_central_words_are_understood():
    assert features("Nác vô bv") == features("nước vô bệnh viện")
    assert features("làm CCCD") == features("làm căn cước công dân")
    assert all(word == fold(word) for forms in SPOKEN.values() for word in forms)
    assert not SPOKEN.keys() & {word for forms in SPOKEN.values() for word in forms}


def test_without_lessons_nothing_is_known():
    assert Evidence(()).weigh("đèn đường") == {}


def test_a_correction_changes_what_is_suggested():
    assert first(OURS, SAID) == "dog"
    corrected = (Lesson("tree", SAID, 1), Lesson("tree", "có người rải bả chó ở gốc cây", 2))
    assert first((*OURS, *corrected), SAID) == "tree"
    assert first(OURS, SAID) == "dog"


def test_what_one_person_alone_wrote_is_met_by_nothing():
    name = "ông Trần Đại Nghĩa bán phở"
    alone = Lesson("lamp", f"{name} phá đèn", 7)
    assert first((*OURS, alone, alone), name) is None
    assert first((*OURS, alone, Lesson("lamp", f"chính {name} tắt đèn", 8)), name) == "lamp"


def test_lessons_of_a_category_that_is_gone_are_left_aside():
    assert first((*OURS, Lesson("gone", SAID), Lesson("gone", SAID)), SAID) == "dog"


def test_no_category_is_suggested_for_being_reported_often():
    often = tuple(Lesson("lamp", "đèn đường hỏng rồi", person) for person in range(1, 60))
    assert first((*OURS, *often), "cây to đổ ngang") == "tree"
