"""Groups of the Official Account as an administrator sees them: whose they are, and when they lapse.

What the documents leave open is read with care (zalo.md, 5): an end may stand at the group or at its package, as a
day, an ISO date or a number of (milli)seconds. What cannot be read counts as unknown, never as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from bot.platforms.zalo.client.oa import Client
from workflows.frozen import frozen

AT_ONCE = 50
MOST = 1000  # groups or members that are looked at
SOON = timedelta(days=10)  # before its end a group is warned of
MILLISECONDS = 10**11  # a number from here on counts milliseconds
DAYS = ("%d/%m/%Y", "%d/%m/%Y %H:%M:%S", "%H:%M %d/%m/%Y", "%Y-%m-%d")
LAPSED = frozenset({"disabled", "expired", "inactive", "disable", "locked"})


@frozen
class MadeGroup:
    """A group that the OA made. ``ends``: when it lapses unless renewed; None: nobody says. ``renews``: by itself."""

    id: str
    name: str
    link: str
    members: int | None
    status: str
    asset: str
    ends: datetime | None
    renews: bool

    @property
    def lapsed(self) -> bool:
        """Whether nothing can be sent there any more."""
        return self.status.lower() in LAPSED

    def lapses_soon(self, now: datetime) -> bool:
        """Whether somebody must renew it within ten days."""
        return not self.renews and self.ends is not None and self.ends - now <= SOON


def groups(client: Client, zone: tzinfo) -> list[MadeGroup]:
    """Every group of the OA, the next to lapse first. Raises like every call of the client."""
    packages = list(assets(client))
    by_group = {str(one.get("used_id")): one for one in packages if one.get("used_id")}
    by_asset = {str(one.get("asset_id")): one for one in packages}
    found = [_group(one, by_group, by_asset, zone) for one in _pages(client)]
    return sorted(found, key=lambda group: (group.ends or datetime.max.replace(tzinfo=UTC), group.name))


def assets(client: Client) -> Iterator[Mapping[str, Any]]:
    """The packages that groups are made with."""
    data = client.get_group_quota().get("data")
    yield from _rows(data if isinstance(data, list) else _first_list(data))


def free_asset(client: Client, zone: tzinfo, now: datetime) -> str:
    """A package that no group uses yet and that lasts the longest; "" when there is none."""
    free = [one for one in assets(client) if not one.get("used_id") and one.get("asset_id")]
    ends = {str(one["asset_id"]): instant(one.get("valid_through"), zone) or now for one in free}
    open_still = [asset for asset, end in ends.items() if end >= now]
    return max(open_still, key=lambda asset: ends[asset], default="")


def members(client: Client, group: str) -> list[Mapping[str, Any]]:
    """Everybody in a group: ``user_id`` or ``oa_id``, and ``name``."""
    everybody: list[Mapping[str, Any]] = []
    for offset in range(0, MOST, AT_ONCE):
        page = list(_rows(_at(client.list_member(group, offset, AT_ONCE), "data", "members")))
        everybody += page
        if len(page) < AT_ONCE:
            break
    return everybody


def instant(value: object, zone: tzinfo) -> datetime | None:
    """When a package ends, in UTC; a bare day lasts until its end there. None: not said, or not to be read."""
    text = str(value or "").strip()
    if text.isdigit():
        seconds = int(text) / (1000 if int(text) >= MILLISECONDS else 1)
        return datetime.fromtimestamp(seconds, UTC) if seconds > 0 else None
    for form in DAYS:
        try:
            # The words of the platform name no zone: they are read in the province's.
            at = datetime.strptime(text, form).replace(tzinfo=zone)
        except ValueError:
            continue
        return (at if "%H" in form else at + timedelta(days=1)).astimezone(UTC)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def _pages(client: Client) -> Iterator[Mapping[str, Any]]:
    for offset in range(0, MOST, AT_ONCE):
        page = list(_rows(_at(client.get_groups_of_oa(offset, AT_ONCE), "data", "groups")))
        yield from page
        if len(page) < AT_ONCE:
            return


def _group(
    row: Mapping[str, Any],
    by_group: Mapping[str, Mapping[str, Any]],
    by_asset: Mapping[str, Mapping[str, Any]],
    zone: tzinfo,
) -> MadeGroup:
    group_id = str(row.get("group_id") or "")
    told = row.get("asset_info")
    own: Mapping[str, Any] = told if isinstance(told, Mapping) else row
    asset = str(own.get("asset_id") or "")
    package = by_group.get(group_id) or by_asset.get(asset) or {}
    total = str(row.get("total_member") or "")
    return MadeGroup(
        id=group_id,
        name=str(row.get("name") or row.get("group_name") or ""),
        link=str(row.get("group_link") or ""),
        members=int(total) if total.isdigit() else None,
        status=str(row.get("status") or ""),
        asset=asset or str(package.get("asset_id") or ""),
        ends=instant(own.get("valid_through"), zone) or instant(package.get("valid_through"), zone),
        renews=_yes(own.get("auto_renew", package.get("auto_renew"))),
    )


def _yes(value: object) -> bool:
    return str(value).lower() in {"true", "1", "yes"}


def _at(found: object, *path: str) -> object:
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _first_list(data: object) -> object:
    """The list inside an object whose name for it nobody promises."""
    return next((value for value in data.values() if isinstance(value, list)), []) if isinstance(data, Mapping) else []


def _rows(found: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(found, list):
        yield from (one for one in found if isinstance(one, Mapping))
