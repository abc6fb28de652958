"""A policy out of plain data: every key checked, and what is wrong told with its place and in both languages."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from itertools import pairwise
from typing import Any, get_args

from workflows.case.calendar import WEEKDAYS, Span
from workflows.case.policy import (
    ELAPSED,
    FARTHEST,
    PAUSABLE,
    TERMS,
    Chronic,
    DayZero,
    Ends,
    EnterpriseCheck,
    FocalOfficers,
    Near,
    Part,
    Policy,
    Reminder,
    Required,
    ResolveFrom,
    ResultCheck,
    Special,
    Term,
    To,
    Unit,
    Wait,
)
from workflows.frozen import field_names, frozen

MOST_OFFERS = 3  # cases that can be judged at one look

Where = tuple[str | int, ...]  # the way to a value: keys of maps and numbers of list items


@frozen
class Wrong:
    """One thing that is wrong, where, and why."""

    where: Where
    vi: str
    en: str


class BadData(ValueError):
    """Data that is no policy; ``wrong`` is everything that is wrong with it."""

    def __init__(self, wrong: Sequence[Wrong]) -> None:
        super().__init__("; ".join(f"{'.'.join(map(str, one.where))}: {one.en}" for one in wrong))
        self.wrong = tuple(wrong)


@frozen
class Regulation:
    """By what rule a case is handled (R10, R103); ``day`` is when it was signed, where that is known."""

    number: str
    day: date | None
    title: str
    link: str = ""


@frozen
class Vector:
    """One example that the policy must keep to: what happened when, and the day (or minute) that is due then."""

    clock: str
    sent: datetime
    due: date | datetime
    assigned: datetime | None = None
    category: str = ""
    urgent: bool = False
    line: int = 0  # its number in the list


@frozen
class PolicyData:
    """Everything that a policy file says."""

    policy: Policy
    regulation: Regulation
    valid_from: date
    week: tuple[tuple[Span, ...], ...]
    swapped_hours: tuple[Span, ...]
    vectors: tuple[Vector, ...] = ()


SECTIONS = ("name", "regulation", "valid_from", "policy", "working_hours", "swapped_hours", "tests")
RULES = tuple(name for name in field_names(Policy) if name != "name")
LONGEST = 3650  # days, hours or times: what is longer is a slip of the keyboard
LISTS = ("specials", "pauses", "reminders", "required", "quiet")


def read(data: Any, categories: Collection[str] | None = None, *, whole: bool = True) -> PolicyData:
    """A policy file, already plain data. ``categories``: the codes there are; None: not to be compared.

    ``whole``: every key must be there, for a rule that nobody wrote down is a gap. Versions in the store may be older
    than a key; what they do not say is as by default. Raises BadData.
    """
    reader = _Reader(categories, whole=whole)
    found = reader.policy_data(data)
    if reader.wrong or found is None:
        raise BadData(reader.wrong)
    return found


class _Reader:
    """Reads on after an error, so that everything wrong is told at once."""

    def __init__(self, categories: Collection[str] | None, *, whole: bool) -> None:
        self._categories = categories
        self._whole = whole
        self.wrong: list[Wrong] = []

    def policy_data(self, data: Any) -> PolicyData | None:
        """Every section."""
        if not isinstance(data, Mapping):
            self._bad((), "tệp phải gồm các mục, mỗi mục một tên", "the file must be a map of sections")
            return None
        self._keys((), data, SECTIONS, optional=("tests",))
        name = self._text(("name",), data.get("name"))
        policy = self._policy(name, data.get("policy"))
        regulation = self._regulation(data.get("regulation"))
        valid_from = self._day(("valid_from",), data.get("valid_from"))
        week = self._week(data.get("working_hours"))
        swapped = self._spans(("swapped_hours",), data.get("swapped_hours"))
        if not swapped and not self.wrong:
            self._bad(("swapped_hours",), "ngày làm bù phải có giờ làm việc", "a swapped working day needs hours")
        vectors = tuple(self._vectors(data.get("tests") or []))
        if self.wrong:
            return None
        return PolicyData(policy, regulation, valid_from, week, swapped, vectors)

    # --- the policy's own keys ---

    def _policy(self, name: str, data: Any) -> Policy:
        where: Where = ("policy",)
        if not self._map(where, data):
            return Policy()
        self._keys(where, data, RULES, optional=LISTS)
        values = {key: self._rule((*where, key), key, value) for key, value in data.items() if key in RULES}
        return Policy() if self.wrong else Policy(name=name, **values)

    def _rule(self, where: Where, key: str, value: Any) -> Any:
        if key in READ:
            return READ[key](self, where, value)
        default = getattr(Policy(), key)
        if isinstance(default, Term):
            return self._term(where, value)
        return self._plain(where, value, type(default))

    def _term(self, where: Where, value: Any) -> Term:
        if not self._map(where, value):
            return Term(1)
        self._keys(where, value, ("amount", "unit", "ends"), optional=("unit", "ends"))
        amount = self._number((*where, "amount"), value.get("amount", 1))
        unit = self._choice((*where, "unit"), value.get("unit", "working_days"), get_args(Unit))
        ends = self._choice((*where, "ends"), value.get("ends", "day"), get_args(Ends))
        if ends == "closing" and unit != "working_days":
            self._bad(
                (*where, "ends"),
                "chỉ thời hạn tính bằng ngày làm việc mới kết thúc lúc hết giờ làm việc",
                "only a term in working days can end at the close of working hours",
            )
            ends = "day"
        return Term(amount, unit, ends)

    def _draft_term(self, where: Where, value: Any) -> Term:
        """A draft lives in a chat, not in an office: its silence is counted round the clock."""
        term = self._term(where, value)
        if term.unit not in ELAPSED:
            self._bad(
                where, "bản nháp tính bằng days hoặc hours liên tục", "a draft's silence is counted in days or hours"
            )
        return term

    def _cut_off(self, where: Where, value: Any) -> time | None:
        return None if value == "closing" else self._clock(where, value)

    def _reminder_days(self, where: Where, value: Any) -> tuple[int, ...]:
        told = len(self.wrong)
        days = tuple(self._number((*where, at), day, 1) for at, day in enumerate(self._list(where, value)))
        if len(self.wrong) == told and list(days) != sorted(set(days)):
            self._bad(where, "các ngày nhắc phải tăng dần", "reminder days go up")
        return days

    def _levels(self, where: Where, value: Any) -> tuple[int, ...]:
        told = len(self.wrong)
        levels = tuple(self._number((*where, at), level, 1, 5) for at, level in enumerate(self._list(where, value)))
        if len(self.wrong) == told and (sorted(set(levels), reverse=True) != list(levels) or not {1, 5} <= set(levels)):
            self._bad(where, "các mức từ 5 xuống 1, có cả 5 và 1", "levels go down from 5 to 1, with 5 and 1")
        return levels

    def _specials(self, where: Where, value: Any) -> tuple[Special, ...]:
        found: list[Special] = []
        known = ("category", "when", "result_check", *TERMS)
        for at, item in enumerate(self._list(where, value)):
            here = (*where, at)
            if not self._map(here, item):
                continue
            self._keys(here, item, known, optional=known)
            category = self._category((*here, "category"), item.get("category", ""))
            urgent = self._choice((*here, "when"), item.get("when", "always"), ("always", "urgent")) == "urgent"
            terms = tuple((name, self._term((*here, name), item[name])) for name in TERMS if name in item)
            check = item.get("result_check", "")
            check = self._choice((*here, "result_check"), check, get_args(ResultCheck)) if check else ""
            if not terms and not check:
                self._bad(here, "dòng này không nêu thời hạn nào", "this row names no term")
            if any(one.category == category and one.urgent == urgent for one in found):
                self._bad(here, f"chồng lấn: {category or '*'} có hai dòng", f"overlap: {category or '*'} has two rows")
            found.append(Special(category, terms, urgent, check))
        return tuple(found)

    def _pauses(self, where: Where, value: Any) -> tuple[tuple[str, tuple[Wait, ...]], ...]:
        if not self._map(where, value):
            return ()
        self._keys(where, value, PAUSABLE, optional=PAUSABLE)
        found = []
        for clock in PAUSABLE:
            here = (*where, clock)
            waits = self._list(here, value.get(clock, []))
            found.append((clock, tuple(self._choice((*here, at), one, get_args(Wait)) for at, one in enumerate(waits))))
        return tuple((clock, waits) for clock, waits in found if waits)

    def _required(self, where: Where, value: Any) -> tuple[Required, ...]:
        found: list[Required] = []
        for at, item in enumerate(self._list(where, value)):
            here = (*where, at)
            if not self._map(here, item):
                continue
            self._keys(here, item, ("category", "parts"), optional=("category",))
            category = self._category((*here, "category"), item.get("category", ""))
            parts = self._list((*here, "parts"), item.get("parts"))
            known = tuple(self._choice((*here, "parts", at), part, get_args(Part)) for at, part in enumerate(parts))
            if any(one.category == category for one in found):
                self._bad(here, f"chồng lấn: {category or '*'} có hai dòng", f"overlap: {category or '*'} has two rows")
            found.append(Required(category, known))
        return tuple(found)

    def _reminders(self, where: Where, value: Any) -> tuple[Reminder, ...]:
        found = []
        told = len(self.wrong)
        for at, item in enumerate(self._list(where, value)):
            here = (*where, at)
            if not self._map(here, item):
                continue
            self._keys(here, item, ("days", "to"))
            days = self._number((*here, "days"), item.get("days", 0), -LONGEST)
            found.append(Reminder(days, self._choice((*here, "to"), item.get("to"), get_args(To))))
        if len(self.wrong) == told and any(later.days <= earlier.days for earlier, later in pairwise(found)):
            self._bad(where, "các lần nhắc phải theo thứ tự ngày", "reminders stand in the order of their days")
        return tuple(found)

    def _quiet(self, where: Where, value: Any) -> tuple[time, ...]:
        hours = tuple(self._clock((*where, at), one) for at, one in enumerate(self._list(where, value)))
        if hours and (len(hours) != 2 or hours[0] == hours[1]):
            self._bad(where, 'giờ yên lặng là ["từ", "đến"], hoặc []', 'quiet hours are ["from", "until"], or []')
            return ()
        return hours

    def _near(self, where: Where, value: Any) -> Near:
        if not self._map(where, value):
            return Near()
        names = ("metres", "days", "offers", "photo", "never")
        self._keys(where, value, names)
        most = {"metres": FARTHEST, "days": LONGEST, "offers": MOST_OFFERS}
        counts = {name: self._number((*where, name), value.get(name, 0), 0, most[name]) for name in most}
        photo = self._plain((*where, "photo"), value.get("photo", True), bool)
        hidden = self._list((*where, "never"), value.get("never", []))
        never = tuple(self._category((*where, "never", at), one) for at, one in enumerate(hidden))
        return Near(**counts, photo=photo, never=never)

    def _chronic(self, where: Where, value: Any) -> Chronic:
        if not self._map(where, value):
            return Chronic()
        bounds = {"metres": (0, FARTHEST), "days": (0, LONGEST), "after": (0, LONGEST), "alarm": (2, LONGEST)}
        self._keys(where, value, (*bounds, "units"))
        counts = {
            name: self._number((*where, name), value.get(name, least), least, most)
            for name, (least, most) in bounds.items()
        }
        return Chronic(**counts, units=tuple(self._units((*where, "units"), value.get("units", []))))

    def _units(self, where: Where, value: Any) -> Iterator[tuple[str, str]]:
        known: set[str] = set()
        for at, item in enumerate(self._list(where, value)):
            here = (*where, at)
            if not self._map(here, item):
                continue
            self._keys(here, item, ("category", "agency"), optional=("category",))
            category = self._category((*here, "category"), item.get("category", ""))
            if category in known:
                self._bad(here, f"chồng lấn: {category or '*'} có hai dòng", f"overlap: {category or '*'} has two rows")
            known.add(category)
            yield category, self._text((*here, "agency"), item.get("agency"))

    # --- the other sections ---

    def _regulation(self, data: Any) -> Regulation:
        where: Where = ("regulation",)
        if not self._map(where, data):
            return Regulation("", None, "")
        self._keys(where, data, ("number", "date", "title", "link"), optional=("date", "link"))
        return Regulation(
            self._text((*where, "number"), data.get("number")),
            self._day((*where, "date"), data["date"]) if data.get("date") else None,
            self._text((*where, "title"), data.get("title")),
            str(data.get("link") or ""),
        )

    def _week(self, data: Any) -> tuple[tuple[Span, ...], ...]:
        where: Where = ("working_hours",)
        if not self._map(where, data):
            return ()
        self._keys(where, data, WEEKDAYS, optional=WEEKDAYS)
        week = tuple(self._spans((*where, day), data.get(day) or []) for day in WEEKDAYS)
        if not any(week):
            self._bad(where, "tuần phải có ít nhất một ngày làm việc", "a week has at least one working day")
        return week

    def _spans(self, where: Where, value: Any) -> tuple[Span, ...]:
        spans = []
        for at, span in enumerate(self._list(where, value)):
            here = (*where, at)
            if not isinstance(span, list) or len(span) != 2:
                self._bad(here, 'mỗi khoảng là ["giờ", "giờ"]', 'a span is ["from", "until"]')
                continue
            spans.append((self._clock(here, span[0]), self._clock(here, span[1])))
        moments = [moment for span in spans for moment in span]
        if any(later <= earlier for earlier, later in pairwise(moments)):
            self._bad(
                where, "giờ làm việc chồng lấn hoặc không theo thứ tự", "working hours overlap or are out of order"
            )
        return tuple(spans)

    def _vectors(self, value: Any) -> Iterator[Vector]:
        allowed = ("clock", "sent", "due", "assigned", "category", "urgent", "case")
        for at, item in enumerate(self._list(("tests",), value)):
            where: Where = ("tests", at)
            if not self._map(where, item):
                continue
            self._keys(where, item, allowed, optional=("assigned", "category", "urgent", "case"))
            yield Vector(
                self._choice((*where, "clock"), item.get("clock"), TERMS),
                self._instant((*where, "sent"), item.get("sent")),
                self._due((*where, "due"), item.get("due")),
                self._instant((*where, "assigned"), item["assigned"]) if "assigned" in item else None,
                self._category((*where, "category"), item.get("category", "")),
                self._plain((*where, "urgent"), item.get("urgent", False), bool),
                at,
            )

    # --- single values ---

    def _bad(self, where: Where, vi: str, en: str) -> None:
        self.wrong.append(Wrong(where, vi, en))

    def _keys(self, where: Where, data: Mapping[Any, Any], known: Sequence[str], optional: Sequence[str] = ()) -> None:
        for key in data:
            if key not in known:
                self._bad((*where, key), f"không có mục này: {key}", f"there is no such key: {key}")
        for key in known if self._whole else ():
            if key not in data and key not in optional:
                self._bad((*where, key), f"thiếu (khoảng trống): {key}", f"missing (a gap): {key}")

    def _map(self, where: Where, value: Any) -> bool:
        if isinstance(value, Mapping):
            return True
        if value is not None:
            self._bad(where, "phải gồm các mục có tên", "must be a map")
        return False

    def _list(self, where: Where, value: Any) -> list[Any]:
        if isinstance(value, list):
            return value
        if value is not None:
            self._bad(where, "phải là danh sách", "must be a list")
        return []

    def _plain(self, where: Where, value: Any, kind: type[Any]) -> Any:
        if type(value) is kind:
            return value
        self._bad(where, f"phải là {kind.__name__}, không phải {value!r}", f"must be {kind.__name__}, not {value!r}")
        return kind()

    def _number(self, where: Where, value: Any, least: int = 0, most: int = LONGEST) -> int:
        """A whole number; one out of its bounds is told once, and read on with the nearest."""
        number = int(self._plain(where, value, int))
        if type(value) is int and not least <= number <= most:
            self._bad(where, f"phải từ {least} đến {most}: {number}", f"must be from {least} to {most}: {number}")
        return min(max(number, least), most)

    def _at_least_one(self, where: Where, value: Any) -> int:
        return self._number(where, value, 1)

    def _text(self, where: Where, value: Any) -> str:
        if isinstance(value, str) and value.strip():
            return value.strip()
        if value is not None:
            self._bad(where, "phải là chữ, không để trống", "must be words, not empty")
        return ""

    def _choice(self, where: Where, value: Any, allowed: Sequence[str]) -> Any:
        if value in allowed:
            return value
        names = ", ".join(allowed)
        self._bad(where, f"phải là một trong {names}, không phải {value!r}", f"must be one of {names}, not {value!r}")
        return allowed[0]

    def _category(self, where: Where, value: Any) -> str:
        if self._categories is not None and value and value not in self._categories:
            self._bad(where, f"không có lĩnh vực {value!r}", f"unknown category {value!r}")
        return str(value or "")

    def _day(self, where: Where, value: Any) -> date:
        if type(value) is date:
            return value
        if value is not None:
            self._bad(where, f"phải là ngày YYYY-MM-DD, không phải {value!r}", f"must be a date, not {value!r}")
        return date.min

    def _due(self, where: Where, value: Any) -> date | datetime:
        return self._instant(where, value) if isinstance(value, str) else self._day(where, value)

    def _instant(self, where: Where, value: Any) -> datetime:
        try:
            at = datetime.fromisoformat(value)
        except (TypeError, ValueError):
            at = None
        if at is not None and at.tzinfo is not None:
            return at
        form = '"YYYY-MM-DDTHH:MM+07:00"'
        self._bad(where, f"phải là {form}, không phải {value!r}", f"must be {form}, not {value!r}")
        return datetime.min.replace(tzinfo=UTC)

    def _clock(self, where: Where, value: Any) -> time:
        try:
            return time.fromisoformat(value)
        except (TypeError, ValueError):
            self._bad(where, f'giờ viết là "HH:MM", không phải {value!r}', f'an hour is "HH:MM", not {value!r}')
            return time.min


Read = Callable[[_Reader, Where, Any], Any]
READ: dict[str, Read] = {
    "day_zero": lambda reader, where, value: reader._choice(where, value, get_args(DayZero)),
    "resolve_from": lambda reader, where, value: reader._choice(where, value, get_args(ResolveFrom)),
    "result_check": lambda reader, where, value: reader._choice(where, value, get_args(ResultCheck)),
    "enterprise_check": lambda reader, where, value: reader._choice(where, value, get_args(EnterpriseCheck)),
    "focal_officers": lambda reader, where, value: reader._choice(where, value, get_args(FocalOfficers)),
    "cut_off": _Reader._cut_off,
    "answer_reminder_days": _Reader._reminder_days,
    "rating_levels": _Reader._levels,
    "draft_reminder": _Reader._draft_term,
    "draft_dropped": _Reader._draft_term,
    "resume_days": _Reader._number,
    "questions_per_cycle": _Reader._number,
    "hops_before_leader": _Reader._number,
    "call_out_minutes": _Reader._at_least_one,
    "call_out_rounds": _Reader._at_least_one,
    "empty_shift_hours": _Reader._at_least_one,
    "specials": _Reader._specials,
    "pauses": _Reader._pauses,
    "reminders": _Reader._reminders,
    "required": _Reader._required,
    "quiet": _Reader._quiet,
    "digest_at": _Reader._clock,
    "near": _Reader._near,
    "chronic": _Reader._chronic,
}
