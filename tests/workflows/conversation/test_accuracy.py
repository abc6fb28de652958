"""Measuring suggestions: what is asked about was never learned from."""

from workflows.conversation.accuracy import PARTS, Accuracy, asked, held_out
from workflows.conversation.categories import Category, CategoryTree
from workflows.conversation.evidence import Lesson

TREE = CategoryTree(
    (Category("lamp", "Chiếu sáng", "Lighting", words=("đèn đường",)), Category("tree", "Cây xanh", "Trees"))
)
NEWS = "loa phường kêu quá sớm"


def test_first_and_among_three():
    questions = [Lesson("lamp", "đèn đường và cây xanh"), Lesson("tree", "đèn đường hỏng"), Lesson("tree", "gì đó")]
    found = asked(TREE, [*questions, Lesson("tree", "đèn đường và cây xanh")])
    assert found == Accuracy(4, 1, 2)
    assert (found.top1, found.top3) == (1 / 4, 2 / 4)
    assert Accuracy().top1 is Accuracy().top3 is None


def test_nobodys_words_are_learned_from_and_asked_about():
    """The same sentence again and again teaches nothing about itself while it comes from one person."""
    alone = {case: Lesson("tree", NEWS, 1) for case in range(10)}
    assert held_out(TREE, alone, alone) == Accuracy(10, 0, 0)


def test_what_others_wrote_is_learned_from():
    several = {case: Lesson("tree", NEWS, case) for case in range(2 * PARTS)}
    assert held_out(TREE, several, several) == Accuracy(2 * PARTS, 2 * PARTS, 2 * PARTS)
    assert held_out(TREE, {}, several) == Accuracy(2 * PARTS, 0, 0)
