"""Around a new report: what others may see of open cases near by, and what else lies there."""

from __future__ import annotations

import math
from datetime import datetime

from handlers.tools import Tools
from handlers.views import agency_names, category_names
from storage.unit_of_work import UnitOfWork
from workflows import nearby
from workflows.conversation.facts import Around, NearCase
from workflows.nearby import Close, Here
from workflows.report import Report, about_officials

TENS = 10  # metres; told more exactly, a distance would point at somebody's door


def around(tools: Tools, uow: UnitOfWork, report: Report, person_id: int, now: datetime) -> Around:
    """What is around a report with a position; nothing for one about officials (R61)."""
    leaf = tools.knowledge.categories(uow).leaf(report.category)
    if report.lat is None or report.lon is None or leaf is None or about_officials(report, sensitive=leaf.sensitive):
        return Around()
    policy = tools.knowledge.law(uow).policy
    here = Here(report.lat, report.lon, report.category, report.text, person_id, now)
    close = uow.spots.near(report.lat, report.lon, max(policy.near.metres, policy.chronic.metres))
    found = nearby.around(here, close, policy.near, policy.chronic)
    offers = tuple(_shown(tools, uow, one, here, photo=policy.near.photo) for one in found.offers)
    return Around(offers, found.alike, found.earlier)


def _shown(tools: Tools, uow: UnitOfWork, one: Close, here: Here, *, photo: bool) -> NearCase:
    case = one.found.case
    return NearCase(
        id=one.found.id,
        code=case.code,
        category=category_names(tools, uow, case.category),
        state=case.state,
        metres=max(1, math.ceil(one.metres / TENS)) * TENS,
        days=(here.at - case.opened_at).days,
        agency=agency_names(uow, case.agency_id),
        photo=_photo(uow, case.media) if photo else "",
        own=here.person_id in case.reporters,
    )


def _photo(uow: UnitOfWork, media: tuple[str, ...]) -> str:
    """The first photo of which there is a copy without metadata; "" for none."""
    known = uow.attachments.get(media)
    kept = (known[one] for one in media if one in known)
    return next((one.id for one in kept if one.kind == "photo" and one.status == "kept" and one.shown), "")
