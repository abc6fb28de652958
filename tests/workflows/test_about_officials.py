"""Talk of what officials do is noticed, with and without diacritics; ordinary reports are left alone."""

import pytest

from storage.seeding import SENTENCES, _yaml, read_lookout, read_sentences
from tests.workflows.officials_examples import ABOUT_OFFICIALS, ORDINARY
from workflows.about_officials import OfficialWords, suspected

LISTENED = read_lookout().officials
SHIPPED = read_sentences(_yaml(SENTENCES))


def test_examples_of_our_own_are_noticed_and_ordinary_ones_are_not():
    """Measured on sentences that no word was chosen from; a question too many costs one tap, so few may slip in."""
    missed = [one for one in ABOUT_OFFICIALS if not suspected(one, LISTENED)]
    asked = [one for one in ORDINARY if suspected(one, LISTENED)]
    assert len(missed) <= len(ABOUT_OFFICIALS) // 10, missed
    assert len(asked) <= len(ORDINARY) // 30, asked


def test_the_shipped_sentences_of_every_other_field_hardly_ever_trip_it():
    others = [one.text for one in SHIPPED if not one.category.startswith("official-")]
    asked = [text for text in others if suspected(text, LISTENED)]
    assert len(others) > 200
    assert len(asked) <= len(others) // 100, asked


def test_the_shipped_sentences_about_officials_are_mostly_noticed():
    """The rest is caught by the field, which leads to the same question."""
    theirs = [one.text for one in SHIPPED if one.category.startswith("official-")]
    assert sum(suspected(text, LISTENED) for text in theirs) >= 0.6 * len(theirs)


@pytest.mark.parametrize("text", ["Cán bộ gây phiền hà", "can bo gay phien ha", "CÁN BỘ GÂY PHIỀN HÀ!", "bị phiền hà"])
def test_marks_capitals_and_punctuation_make_no_difference(text):
    assert suspected(text, LISTENED)


@pytest.mark.parametrize("text", ["", "   ", "cán bộ", "thái độ", "Đèn hỏng"])
def test_who_alone_or_what_alone_is_nothing(text):
    assert not suspected(text, OfficialWords((), ("cán bộ",), ("thái độ",)))


def test_who_and_what_together_are():
    assert suspected("thái độ của cán bộ", OfficialWords((), ("cán bộ",), ("thái độ",)))
