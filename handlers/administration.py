"""What an administrator names by its code, and does to agencies: add, rename, link and unlink groups, route cases."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from handlers.inspection_line import LINE
from storage.agencies import ENTERPRISE, AgencyRow, RouteRow
from storage.cases import CaseRow
from storage.categories import CategoryRow
from storage.unit_of_work import UnitOfWork
from workflows.codes import ALPHABET
from workflows.frozen import frozen
from workflows.text import fold, nearest

ACTOR = "cli"
KINDS = ("agency", "enterprise", "team", "inspection")
FOR_GOOD = {LINE, ENTERPRISE}  # kinds that are an agency's own from its first day
LONGEST_NAME = 120  # characters
LINK_LASTS = timedelta(hours=24)
FEW = 6  # so many choices are all told; of more the nearest
NEAREST = 3
CODE_FORM = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class Refused(Exception):
    """An administrator asked for what cannot be done; says why and what to do, in both languages."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(f"{vi} / {en}")
        self.vi = vi
        self.en = en


@frozen
class NewAgency:
    """An agency to be: ``parent`` is another one's code, "" for none."""

    code: str
    vi: str
    en: str = ""
    kind: str = "agency"
    parent: str = ""


def unknown(vi: str, en: str, given: str, known: Iterable[str], see: str, meant: Collection[str] = ()) -> Refused:
    """What to say of something that there is not: the nearest (or ``meant``), all of a few, and what lists them."""
    choices = list(known)
    few = len(choices) <= FEW
    near = choices if few else list(meant) or nearest(given, choices, NEAREST)
    told = ", ".join(map(repr, near))
    vi, en = f"không có {vi} {given!r}", f"there is no {en} {given!r}"
    if not told:
        return Refused(f"{vi}; xem {see}", f"{en}; see {see}")
    if few:
        return Refused(f"{vi}; chỉ có {told}; xem {see}", f"{en}, only {told}; see {see}")
    of_vi, of_en = ("một trong: ", "one of ") if len(near) > 1 else ("", "")
    return Refused(f"{vi}; có phải là {of_vi}{told}? Xem {see}", f"{en}; did you mean {of_en}{told}? See {see}")


def agency(uow: UnitOfWork, code: str) -> AgencyRow:
    """An agency by its code. Raises Refused with the nearest codes there are."""
    found = uow.agencies.by_code(code)
    if found is None:
        raise unknown("cơ quan", "agency", code, [row.code for row in uow.agencies.all()], "agencies list")
    return found


def case_by_code(uow: UnitOfWork, code: str) -> CaseRow:
    """A case by its code as in the store. Raises Refused when there is none."""
    row = uow.cases.by_code(code)
    if row is None:
        raise Refused(f"không có phản ánh {code!r}; xem cases list", f"there is no case {code!r}; see cases list")
    return row


def category(uow: UnitOfWork, code: str) -> CategoryRow:
    """A category by its code. Raises Refused with the nearest codes there are."""
    rows = {row.code: row for row in uow.categories.all()}
    if code not in rows:
        raise unknown("lĩnh vực", "category", code, rows, "categories list")
    return rows[code]


def area(uow: UnitOfWork, code: str) -> str:
    """The code of an area that there is or was. Raises Refused with the nearest codes there are."""
    if uow.areas.names(code) is None:
        codes = [row.code for row in uow.areas.register()]
        raise unknown("địa bàn", "area", code, codes, "areas list, areas find")
    return code


def add_agency(uow: UnitOfWork, new: NewAgency, now: datetime) -> int:
    """A new agency. Raises Refused for a code that is taken or badly formed, and for what `_columns` refuses."""
    if not CODE_FORM.fullmatch(new.code):
        raise Refused(
            f"mã {new.code!r} chỉ được gồm chữ thường không dấu, số và gạch nối",
            f"the code {new.code!r} may only hold small letters a-z, digits and hyphens",
        )
    if uow.agencies.by_code(new.code):
        raise Refused(f"đã có cơ quan {new.code!r}", f"there is an agency {new.code!r} already")
    made = uow.agencies.add(new.code, now=now, **_columns(uow, new))
    uow.registers.record(ACTOR, "agency.added", new.code, now, kind=new.kind, parent=new.parent)
    return made


def change_agency(uow: UnitOfWork, row: AgencyRow, given: Mapping[str, str]) -> None:
    """Change what is ``given`` of an agency, by the names of NewAgency. Raises Refused.

    Who is the inspection, and who works under supervision, is not changed: reports have gone by it (R61).
    """
    above = uow.agencies.get(row.parent_id) if row.parent_id is not None else None
    new = replace(NewAgency(row.code, row.vi, row.en, row.kind, above.code if above else ""), **given)
    columns = _columns(uow, new)
    if new.kind != row.kind and {new.kind, row.kind} & FOR_GOOD:
        raise Refused(
            f"{row.code} thuộc loại {row.kind}, không đổi được thành {new.kind}; "
            "hãy thêm cơ quan khác (agencies add) rồi ngừng cơ quan này (agencies retire)",
            f"{row.code} is of the kind {row.kind} and does not become {new.kind}; "
            "add another agency (agencies add) and retire this one (agencies retire)",
        )
    parent_id = columns["parent_id"]
    if parent_id is not None and row.id in (parent_id, *uow.agencies.above(parent_id)):
        raise Refused(f"{row.code} không thể trực thuộc chính mình", f"{row.code} cannot be a unit of itself")
    uow.agencies.change(row.id, **columns)


def _columns(uow: UnitOfWork, new: NewAgency) -> dict[str, Any]:
    """What is stored of an agency. Raises Refused for an unknown kind or parent, and for names that do not do.

    A name stands on cards and buttons: one line, not too long.
    """
    if new.kind not in KINDS:
        raise unknown("loại cơ quan", "kind of agency", new.kind, KINDS, "agencies add --help")
    if not new.vi.strip():
        raise Refused(f"cơ quan {new.code!r} cần tên tiếng Việt", f"agency {new.code!r} needs a Vietnamese name")
    en = new.en or new.vi
    if any(len(name) > LONGEST_NAME or not name.replace("\u00a0", " ").isprintable() for name in (new.vi, en)):
        raise Refused(
            f"tên cơ quan chỉ gồm chữ trên một dòng, dài nhất {LONGEST_NAME} ký tự",
            f"an agency's name is one line of text, {LONGEST_NAME} characters at most",
        )
    parent_id = agency(uow, new.parent).id if new.parent else None
    search = fold(f"{new.vi} {en} {new.code}")
    return {"vi": new.vi, "en": en, "kind": new.kind, "parent_id": parent_id, "search": search}


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
    change_agency(uow, agency(uow, code), {name: said for name, said in (("vi", vi), ("en", en)) if said})
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


def add_route(uow: UnitOfWork, code: str, about: str | None, where: str | None, now: datetime) -> None:
    """Let an agency answer for a category (``about``; None: any) in an area (``where``; None: any).

    Raises Refused for a sensitive category: such a report goes to the inspection line only (R61).
    """
    row = agency(uow, code)
    if not row.active:
        raise Refused(f"{code} không còn hoạt động", f"{code} is retired")
    if about is not None and category(uow, about) and row.kind != LINE and _all_sensitive(about, uow.categories.all()):
        raise Refused(
            f"{about} là lĩnh vực nhạy cảm: chỉ chuyển đến cơ quan loại inspection (thanh tra)",
            f"{about} is sensitive: it goes to agencies of the kind inspection only",
        )
    if not uow.agencies.add_route(about, area(uow, where) if where is not None else None, row.id):
        raise Refused("đã có tuyến này", "this route is there already")
    uow.registers.record(ACTOR, "route.added", code, now, category=about, area=where)


def drop_route(uow: UnitOfWork, route_id: int, now: datetime) -> RouteRow:
    """Delete a route by its number in ``agencies routes list``."""
    found = next((route for route in uow.agencies.routes() if route.id == route_id), None)
    if found is None:
        raise Refused(
            f"không có tuyến số {route_id}; xem agencies routes list",
            f"there is no route number {route_id}; see agencies routes list",
        )
    uow.agencies.drop_route(route_id)
    uow.registers.record(
        ACTOR, "route.dropped", str(route_id), now, category=found.category, area=found.area,
        agency_id=found.agency_id,
    )  # fmt: skip
    return found


def _all_sensitive(code: str, known: Collection[CategoryRow]) -> bool:
    leaves = [row for row in known if row.parent == code] or [row for row in known if row.code == code]
    return all(row.sensitive for row in leaves)
