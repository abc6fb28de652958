"""The most specific rule wins, and what the table leaves open or contradicts is found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.case.routing import Coverage, Field, RouteResult, Rule, check_routes, gaps_and_overlaps, route

LAMP = ("lamp", "infrastructure")
OFFICIALS = ("delay", "officials")


@pytest.mark.parametrize(
    ("rules", "agency"),
    [
        ([Rule(None, None, 1)], 1),
        ([Rule(None, None, 1), Rule(None, "an-cuu", 2)], 2),
        ([Rule(None, "an-cuu", 2), Rule("infrastructure", None, 3)], 3),
        ([Rule("infrastructure", None, 3), Rule("infrastructure", "an-cuu", 4)], 4),
        ([Rule("infrastructure", "an-cuu", 4), Rule("lamp", None, 5)], 5),
        ([Rule("lamp", None, 5), Rule("lamp", "an-cuu", 6)], 6),
        ([Rule("lamp", "phu-hoi", 7)], None),
        ([Rule("road", None, 8)], None),
        ([], None),
    ],
)
def test_category_goes_before_area_and_the_special_before_the_general(rules, agency):
    assert route(rules, LAMP, ("an-cuu",)).agency_id == agency
    assert route(rules[::-1], LAMP, ("an-cuu",)).agency_id == agency


def test_the_smaller_area_goes_before_the_larger():
    rules = [Rule("lamp", "hue", 1), Rule("lamp", "an-cuu", 2)]
    assert route(rules, LAMP, ("an-cuu", "hue")).agency_id == 2
    assert route(rules, LAMP, ("phu-hoi", "hue")).agency_id == 1


def test_without_an_area_only_rules_for_any_area_fit():
    rules = [Rule("lamp", "an-cuu", 1), Rule("", "", 2)]
    assert route(rules, LAMP, ()) == RouteResult(2, (rules[1],))


def test_a_contradiction_is_nobodys_and_says_which_rules():
    rules = (Rule("lamp", None, 1), Rule("lamp", None, 2))
    assert route(rules, LAMP, ("an-cuu",)) == RouteResult(None, rules)


def test_the_same_agency_twice_is_no_contradiction():
    assert route([Rule("lamp", None, 1), Rule("lamp", "", 1)], LAMP, ()).agency_id == 1


def test_gaps_and_overlaps_by_category_and_area():
    rules = [Rule("lamp", "an-cuu", 1), Rule("lamp", "phu-hoi", 1), Rule("lamp", "phu-hoi", 2)]
    fields = [Field(LAMP), Field(("road", "traffic")), Field(OFFICIALS, sensitive=True)]
    assert gaps_and_overlaps(rules, fields, [("an-cuu", "hue"), ("phu-hoi", "hue")]) == Coverage(
        gaps=(("road", "an-cuu"), ("road", "phu-hoi")),
        overlaps=(("lamp", "phu-hoi", tuple(rules[1:])),),
    )


def test_without_areas_the_table_is_judged_for_an_unknown_area():
    assert gaps_and_overlaps([Rule("lamp", "an-cuu", 1)], [Field(LAMP)], []).gaps == (("lamp", ""),)


@pytest.mark.parametrize("category", ["delay", "officials"])
def test_a_route_for_reports_about_officials_is_refused(category):
    bad = Rule(category, "an-cuu", 1)
    fields = [Field(LAMP), Field(OFFICIALS, sensitive=True)]
    assert check_routes([Rule("lamp", None, 1), bad, Rule(None, None, 2)], fields) == (bad,)
    assert check_routes([bad], fields, lines=frozenset({1})) == ()


def test_a_group_that_is_sensitive_in_part_may_be_routed():
    fields = [Field(("delay", "administration"), sensitive=True), Field(("opening-hours", "administration"))]
    assert check_routes([Rule("administration", None, 1)], fields) == ()


codes = st.sampled_from([None, "", "lamp", "road", "infrastructure"])
areas = st.sampled_from([None, "", "an-cuu", "phu-hoi"])
tables = st.lists(st.builds(Rule, codes, areas, st.integers(1, 3)), max_size=8)


@given(tables, st.sampled_from([(), ("an-cuu",), ("phu-hoi",)]))
def test_no_fitting_rule_is_more_special_than_the_one_that_won(rules, area):
    def fits(rule):
        return (rule.category or LAMP[0]) in LAMP and (not rule.area or rule.area in area)

    def weight(rule):
        return (2 - LAMP.index(rule.category) if rule.category else 0, bool(rule.area))

    fitting = [rule for rule in rules if fits(rule)]
    best = max(map(weight, fitting), default=None)
    winners = {rule.agency_id for rule in fitting if weight(rule) == best}
    assert route(rules, LAMP, area).agency_id == (winners.pop() if len(winners) == 1 else None)
