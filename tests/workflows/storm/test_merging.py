"""Which reports of a storm are one: alike, ordinary, and with a case to go on that keeps what it has."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.case.story import LAW, MONDAY, OTHER
from workflows.actions import Action
from workflows.case.decide import decide
from workflows.case.model import Act, Case, Refusal, Role, State
from workflows.storm.merging import Group, groups

TREE = replace(OTHER, area="an-cuu", category="tree")


def test_alike_is_the_same_area_category_and_holder():
    cases = [
        (1, TREE),
        (2, TREE),
        (3, replace(TREE, area="thuan-hoa")),
        (4, replace(TREE, category="lamp")),
        (5, replace(TREE, agency_id=7, state=State.ASSIGNED)),
        (6, replace(TREE, state=State.NEED_INFO)),
        (7, TREE),
    ]
    assert groups(cases) == (Group(1, (2, 7)),)


def test_what_is_urgent_goes_on_and_never_goes_away():
    urgent = replace(TREE, urgent=True)
    assert groups([(1, TREE), (2, urgent), (3, urgent)]) == (Group(2, (1,)),)


def test_what_others_were_merged_into_goes_on():
    master = replace(TREE, merged_in=(9,))
    assert groups([(1, TREE), (2, master), (3, master)]) == (Group(2, (1,)),)


def test_sensitive_ones_and_those_without_an_area_are_left_alone():
    assert groups([(1, replace(TREE, sensitive=True)), (2, TREE)]) == ()
    assert groups([(1, replace(TREE, area="")), (2, replace(TREE, area=""))]) == ()


some = st.builds(
    lambda area, category, state, urgent, sensitive, merged: replace(
        TREE, area=area, category=category, state=state, urgent=urgent, sensitive=sensitive, merged_in=merged
    ),
    st.sampled_from(["", "an-cuu", "thuan-hoa"]),
    st.sampled_from(["tree", "lamp"]),
    st.sampled_from(list(State)),
    st.booleans(),
    st.booleans(),
    st.sampled_from([(), (), (99,)]),
)


@given(st.lists(some, max_size=12))
def test_every_merge_of_a_plan_is_one_that_the_table_allows(drawn):
    cases: dict[int, Case] = {number: replace(case, code=f"PA-{number}") for number, case in enumerate(drawn, 1)}
    seen: set[int] = set()
    for group in groups(cases.items()):
        assert not seen & {group.master, *group.others}
        seen |= {group.master, *group.others}
        for other in group.others:
            act = Act(Action.MERGE, frozenset({Role.OPERATOR}), MONDAY, person_id=20, target_case_id=group.master,
                      target_case=cases[group.master])  # fmt: skip
            assert not isinstance(decide(cases[other], act, LAW), Refusal)
