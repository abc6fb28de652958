"""Who is on Zalo on the sandbox's first day: citizens, officers, and the group that the OA made for an agency."""

import json
import secrets
import sqlite3

from bot.sandbox.errors import ActError
from bot.sandbox.store import Json, Tx
from bot.sandbox.zalo import limits, tokens
from bot.sandbox.zalo.account import Account, digits

NAM, CUC = "3811765204417790211", "3811765204417790246"
AN, BINH = "5170239486611823057", "5170239486611823090"
NGOC = "5170239486611823123"
THUAN_HOA, INSPECTION = "7c41e0a95d3fb2886e10", "7c41e0a95d3fb2886e43"

# id, name, phone, whether an administrator of the OA. Nobody has spoken with the OA yet; officers follow it.
PEOPLE = (
    (NAM, "Phan Văn Nam", "84900000101", False),
    (CUC, "Trương Thị Cúc", "84900000102", False),
    (AN, "Đặng Văn An", "84900000111", True),
    (BINH, "Bùi Thị Bình", "84900000112", False),
    (NGOC, "Cao Thị Ngọc", "84900000113", False),
)
# id, name, members (the first is an administrator of the group)
GROUPS = ((THUAN_HOA, "UBND phường Thuận Hóa", (AN, BINH)), (INSPECTION, "Thanh tra thành phố", (NGOC,)))
ASSETS = {"gmf10": 10, "gmf50": 50, "gmf100": 100, "gmf1000": 1000}
PRESENT = ("admin", "member")


def create(tx: Tx, account: Account) -> None:
    """Make the account's first pair, and the people and the groups that are not there yet."""
    first_day = tx.one("SELECT 1 FROM zalo_people LIMIT 1") is None
    if first_day:
        tokens.begin(tx, account)
    for person_id, name, phone, oa_admin in PEOPLE:
        if tx.one("SELECT 1 FROM zalo_people WHERE id = ?", person_id) is None:
            _person(tx, person_id, name, phone, oa_admin=oa_admin)
            tx.run("UPDATE zalo_people SET follows = 1 WHERE id = ? AND id IN (?, ?, ?)", person_id, AN, BINH, NGOC)
    for group_id, name, members in GROUPS:
        if tx.one("SELECT 1 FROM zalo_groups WHERE id = ?", group_id) is None:
            asset = add_asset(tx, secrets.token_hex(10), auto_renew=True)
            add_group(tx, group_id, name, "", asset, members)
    if first_day:
        add_asset(tx, account.gmf_asset_id, auto_renew=False)


def add_person(tx: Tx, name: str) -> str:
    """One more person on Zalo, who knows nothing of the OA yet."""
    person_id = digits(19)
    _person(tx, person_id, name, f"849{tx.next('zalo_people'):08}", oa_admin=False)
    return person_id


def add_visitor(tx: Tx) -> str:
    """Somebody at the web widget who is not logged in: known by this id and the conversation only."""
    visitor = secrets.token_hex(12)
    _person(tx, visitor, "", "", oa_admin=False)
    change(tx, visitor, shared=json.dumps({"conversation_id": digits(18)}))
    return visitor


def conversation_of(row: sqlite3.Row) -> str:
    """The conversation of a visitor of the web widget; empty for people."""
    return str(shared(row).get("conversation_id", ""))


def add_asset(tx: Tx, asset_id: str, *, auto_renew: bool, kind: str = "gmf50") -> str:
    """An asset that one group can be made with."""
    until = tx.now + limits.read(tx)["group_days"] * 86400
    tx.run(
        "INSERT INTO zalo_assets (id, kind, until, auto_renew) VALUES (?, ?, ?, ?)",
        asset_id,
        kind,
        until,
        int(auto_renew),
    )
    return asset_id


def add_group(
    tx: Tx, group_id: str, name: str, description: str, asset_id: str, members: tuple[str, ...] | list[str]
) -> None:
    """A group of the OA with its members, the first as an administrator."""
    tx.run(
        "INSERT INTO zalo_groups (id, name, description, asset_id, made, version) VALUES (?, ?, ?, ?, ?, ?)",
        group_id,
        name,
        description,
        asset_id,
        tx.now,
        tx.bump(),
    )
    for place, person_id in enumerate(members):
        put_member(tx, group_id, person_id, "member" if place else "admin")


def put_member(tx: Tx, group_id: str, person_id: str, status: str) -> None:
    tx.run(
        "INSERT INTO zalo_members VALUES (?, ?, ?)"
        " ON CONFLICT (group_id, person_id) DO UPDATE SET status = excluded.status",
        group_id,
        person_id,
        status,
    )
    touch(tx, "zalo_groups", group_id)


def person(tx: Tx, person_id: str) -> sqlite3.Row:
    """Raises ActError for somebody who is not here."""
    row = find_person(tx, person_id)
    if row is None:
        raise ActError(f"no such person: {person_id}")
    return row


def find_person(tx: Tx, person_id: str) -> sqlite3.Row | None:
    return tx.one("SELECT * FROM zalo_people WHERE id = ?", person_id)


def group(tx: Tx, group_id: str) -> sqlite3.Row | None:
    return tx.one("SELECT * FROM zalo_groups WHERE id = ?", group_id)


def groups(tx: Tx) -> list[str]:
    """Every group there is, the oldest first."""
    return [row["id"] for row in tx.all("SELECT id FROM zalo_groups WHERE state <> 'deleted' ORDER BY made, id")]


def members(tx: Tx, group_id: str, statuses: tuple[str, ...] = PRESENT) -> list[sqlite3.Row]:
    """Members with their names, administrators first."""
    marks = ",".join("?" * len(statuses))
    return tx.all(
        "SELECT p.*, m.status FROM zalo_members m JOIN zalo_people p ON p.id = m.person_id"  # noqa: S608 - marks only
        f" WHERE m.group_id = ? AND m.status IN ({marks}) ORDER BY m.status, p.name",
        group_id,
        *statuses,
    )


def asset_of(tx: Tx, asset_id: str) -> sqlite3.Row | None:
    """An asset, renewed first if it renews itself."""
    row = tx.one("SELECT * FROM zalo_assets WHERE id = ?", asset_id)
    if row is not None and row["auto_renew"] and row["until"] < tx.now:
        until = tx.now + limits.read(tx)["group_days"] * 86400
        tx.run("UPDATE zalo_assets SET until = ? WHERE id = ?", until, asset_id)
        row = tx.one("SELECT * FROM zalo_assets WHERE id = ?", asset_id)
    return row


def lapses(tx: Tx, row: sqlite3.Row) -> float:
    """Until when a group lives (seconds of the sandbox's clock)."""
    asset = tx.one("SELECT * FROM zalo_assets WHERE id = ?", row["asset_id"])
    if asset is None:
        return 0.0
    return float("inf") if asset["auto_renew"] else float(asset["until"])


def interacted(tx: Tx, person_id: str) -> None:
    """The person did something with the OA: the window opens anew."""
    tx.run("UPDATE zalo_people SET last_at = ?, replies = 0 WHERE id = ?", tx.now, person_id)
    touch(tx, "zalo_people", person_id)


def change(tx: Tx, person_id: str, **values: object) -> None:
    """Change columns of a person and mark the person as changed."""
    names = ", ".join(f"{name} = ?" for name in values)
    tx.run(f"UPDATE zalo_people SET {names} WHERE id = ?", *values.values(), person_id)  # noqa: S608 column names come from code
    touch(tx, "zalo_people", person_id)


def touch(tx: Tx, table: str, row_id: str) -> None:
    tx.run(f"UPDATE {table} SET version = ? WHERE id = ?", tx.bump(), row_id)  # noqa: S608 the table comes from code


def shared(row: sqlite3.Row) -> Json:
    """What the person gave when asked for contact details."""
    found: Json = json.loads(row["shared"])
    return found


def _person(tx: Tx, person_id: str, name: str, phone: str, *, oa_admin: bool) -> None:
    tx.run(
        "INSERT INTO zalo_people (id, by_app, name, phone, oa_admin, version) VALUES (?, ?, ?, ?, ?, ?)",
        person_id,
        digits(18),
        name,
        phone,
        int(oa_admin),
        tx.bump(),
    )
