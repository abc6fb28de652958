"""What an administrator does to agencies: add, rename, link and unlink their groups, route cases to them."""

from __future__ import annotations

import difflib
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.inspection_line import LINE
from storage.agencies import ENTERPRISE, AgencyRow, RouteRow
from storage.cases import CaseRow
from storage.categories import CategoryRow
from storage.unit_of_work import UnitOfWork
from workflows.codes import ALPHABET
from workflows.text import fold

ACTOR = "cli"
KINDS = ("agency", "enterprise", "team", "inspection")
LONGEST_NAME = 120  # characters
LINK_LASTS = timedelta(hours=24)
CODE_FORM = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class Refused(Exception):
    """An administrator asked for what cannot be done; says why and what to do, in both languages."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(f"{vi} / {en}")
        self.vi = vi
        self.en = en


@dataclass(frozen=True, slots=True)
class NewAgency:
    """An agency to be: ``parent`` is another one's code, "" for none."""

    code: str
    vi: str
    en: str = ""
    kind: str = "agency"
    parent: str = ""


def agency(uow: UnitOfWork, code: str) -> AgencyRow:
    """An agency by its code. Raises Refused with the nearest code there is."""
    found = uow.agencies.by_code(code)
    if found is None:
        near = difflib.get_close_matches(code, [row.code for row in uow.agencies.all()], n=1, cutoff=0.4)
        raise Refused(
            f"không có cơ quan {code!r}" + (f"; có phải là {near[0]!r}?" if near else ""),
            f"there is no agency {code!r}" + (f"; did you mean {near[0]!r}?" if near else ""),
        )
    return found


def case_by_code(uow: UnitOfWork, code: str) -> CaseRow:
    """A case by its code as in the store. Raises Refused when there is none."""
    row = uow.cases.by_code(code)
    if row is None:
        raise Refused(f"không có phản ánh {code}", f"there is no case {code}")
    return row


def add_agency(uow: UnitOfWork, new: NewAgency, now: datetime) -> int:
    """A new agency. Raises Refused for a code that is taken or badly formed, or an unknown kind or parent."""
    if not CODE_FORM.fullmatch(new.code):
        raise Refused(
            f"mã {new.code!r} chỉ được gồm chữ thường không dấu, số và gạch nối",
            f"the code {new.code!r} may only hold small letters a-z, digits and hyphens",
        )
    if new.kind not in KINDS:
        raise Refused(f"loại phải là {' | '.join(KINDS)}", f"the kind must be {' | '.join(KINDS)}")
    if not new.vi.strip():
        raise Refused(f"cơ quan {new.code!r} cần tên tiếng Việt", f"agency {new.code!r} needs a Vietnamese name")
    _readable(new.vi, new.en)
    if uow.agencies.by_code(new.code):
        raise Refused(f"đã có cơ quan {new.code!r}", f"there is an agency {new.code!r} already")
    parent_id = agency(uow, new.parent).id if new.parent else None
    en = new.en or new.vi
    made = uow.agencies.add(new.code, new.vi, en, new.kind, parent_id, _search(new.code, new.vi, en), now)
    uow.registers.record(ACTOR, "agency.added", new.code, now, kind=new.kind, parent=new.parent)
    return made


def _readable(*names: str) -> None:
    """A name stands on cards and buttons: one line, not too long. Raises Refused."""
    if any(len(name) > LONGEST_NAME or not name.replace("\u00a0", " ").isprintable() for name in names):
        raise Refused(
            f"tên cơ quan chỉ gồm chữ trên một dòng, dài nhất {LONGEST_NAME} ký tự",
            f"an agency's name is one line of text, {LONGEST_NAME} characters at most",
        )


def supervise(uow: UnitOfWork, code: str, by: str, now: datetime) -> None:
    """Name who checks an enterprise's results; "": the agency above it. Raises Refused for other agencies."""
    row = agency(uow, code)
    if row.kind != ENTERPRISE:
        raise Refused(f"{code} không phải doanh nghiệp", f"{code} is no enterprise")
    supervisor = agency(uow, by) if by else None
    if supervisor is not None and (supervisor.id == row.id or supervisor.kind == ENTERPRISE):
        raise Refused("doanh nghiệp do cơ quan nhà nước giám sát", "an enterprise is supervised by an authority")
    uow.agencies.supervise(row.id, supervisor.id if supervisor else None)
    uow.registers.record(ACTOR, "agency.supervised", code, now, by=by)


def rename_agency(uow: UnitOfWork, code: str, vi: str | None, en: str | None, now: datetime) -> AgencyRow:
    """Give an agency other names; its code and history stay."""
    row = agency(uow, code)
    new_vi, new_en = vi or row.vi, en or row.en
    _readable(new_vi, new_en)
    uow.agencies.change(row.id, vi=new_vi, en=new_en, search=_search(code, new_vi, new_en))
    uow.registers.record(ACTOR, "agency.renamed", code, now)
    return agency(uow, code)


def link_code(uow: UnitOfWork, code: str | None, now: datetime) -> str:
    """A one-time code that links a group to an agency (None: to the operations team); kept as a hash only."""
    row = agency(uow, code) if code is not None else None
    if row is not None and not row.active:
        raise Refused(f"{code} không còn hoạt động", f"{code} is retired")
    made = "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(2))
    uow.agencies.make_code(made, row.id if row else None, now, now + LINK_LASTS)
    uow.registers.record(ACTOR, "link.code", code or "operators", now)
    return made


def unlink(uow: UnitOfWork, code: str | None, now: datetime, *, operators: bool) -> int:
    """Take the groups away from an agency, or from the operations team; how many there were."""
    row = agency(uow, code) if code is not None and not operators else None
    chats = uow.chats.linked_to(row.id if row else None)
    for chat in chats:
        uow.chats.change(chat.id, agency_id=None, operators=False, linked_at=None)
    if chats:
        uow.registers.record(ACTOR, "chat.unlinked", code or "operators", now, chats=[c.id for c in chats])
    return len(chats)


def add_route(uow: UnitOfWork, code: str, category: str | None, area: str | None, now: datetime) -> None:
    """Let an agency answer for a category (None: any) in an area (None: any).

    Raises Refused for a sensitive category: such a report goes to the inspection line only (R61).
    """
    row = agency(uow, code)
    if not row.active:
        raise Refused(f"{code} không còn hoạt động", f"{code} is retired")
    known = {found.code: found for found in uow.categories.all()}
    if category is not None and category not in known:
        raise Refused(f"không có lĩnh vực {category!r}", f"there is no category {category!r}")
    if category is not None and row.kind != LINE and _all_sensitive(category, known.values()):
        raise Refused(
            f"{category} là lĩnh vực nhạy cảm: chỉ chuyển đến cơ quan loại inspection (thanh tra)",
            f"{category} is sensitive: it goes to agencies of the kind inspection only",
        )
    if area is not None and uow.areas.names(area) is None:
        raise Refused(f"không có địa bàn {area!r}", f"there is no area {area!r}")
    if not uow.agencies.add_route(category, area, row.id):
        raise Refused("đã có tuyến này", "this route is there already")
    uow.registers.record(ACTOR, "route.added", code, now, category=category, area=area)


def drop_route(uow: UnitOfWork, route_id: int, now: datetime) -> RouteRow:
    """Delete a route by its number in ``agencies routes list``."""
    found = next((route for route in uow.agencies.routes() if route.id == route_id), None)
    if found is None:
        raise Refused(f"không có tuyến số {route_id}", f"there is no route number {route_id}")
    uow.agencies.drop_route(route_id)
    uow.registers.record(
        ACTOR, "route.dropped", str(route_id), now, category=found.category, area=found.area,
        agency_id=found.agency_id,
    )  # fmt: skip
    return found


def _all_sensitive(category: str, known: Collection[CategoryRow]) -> bool:
    leaves = [row for row in known if row.parent == category] or [row for row in known if row.code == category]
    return all(row.sensitive for row in leaves)


def _search(code: str, vi: str, en: str) -> str:
    return fold(f"{vi} {en} {code}")
