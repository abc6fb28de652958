"""The law in force: the policy file and the working calendar around a moment, as one pure value."""

from __future__ import annotations

from datetime import datetime, tzinfo
from pathlib import Path

import yaml

from storage.holidays import working_calendar
from workflows.case.calendar import read_hours, read_week
from workflows.case.clocks import read_policy
from workflows.case.law import Law

POLICY = Path(__file__).parent / "seed" / "policy.yaml"


class BadPolicy(ValueError):
    """The policy file cannot be used; the message says where and why."""


def read_law(at: datetime, zone: tzinfo, path: Path = POLICY) -> Law:
    """Policy and calendar for cases of around ``at``. Raises BadPolicy or BadHolidays."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    try:
        policy = read_policy(data["policy"])
        week = read_week(data["working_hours"])
        swapped = read_hours(data["swapped_hours"])
    except (KeyError, TypeError, ValueError) as error:
        raise BadPolicy(f"{path.name}: {error}") from error
    year = at.astimezone(zone).year
    calendar = working_calendar(range(year - 1, year + 3), week=week, swapped_hours=swapped, zone=zone)
    return Law(policy, calendar)
