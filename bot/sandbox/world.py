"""Who lives in the sandbox on its first day, and the bot's own name and token."""

import os
import secrets
import sqlite3
import string
from pathlib import Path
from uuid import uuid4

from bot.sandbox.errors import ActError
from bot.sandbox.store import Json, Tx

BOT_USERNAME = "PhanAnhSandboxBot"
BOT_NAME = "Phản Ánh (thử)"
TOKEN_FILE = "sandbox-token"  # noqa: S105 the name of a file
TOKEN_LETTERS = string.ascii_letters + string.digits + "_-"

LAN, MINH = 5100000001, 5100000002
HA, BAO = 5100000011, 5100000012
DUC, MAI = 5100000021, 5100000022
HUY, THAO = 5100000031, 5100000032
THU, KHOA = 5100000041, 5100000042
OPERATORS, AN_CUU, CONSTRUCTION = -4200000001, -4200000002, -1002200000003
INSPECTION = -4200000004

# id, first name, last name, user name (most citizens have none). The apps show the first name before the last one,
# so people of Vietnam put the family name first, in the field of the first name.
PEOPLE = (
    (LAN, "Nguyễn Thị", "Lan", None),
    (MINH, "Trần Văn", "Minh", "minh_tv"),
    (HA, "Lê Thu", "Hà", "ha_lethu"),
    (BAO, "Phạm Quốc", "Bảo", None),
    (DUC, "Hoàng Văn", "Đức", "duc_ancuu"),
    (MAI, "Đỗ Thị", "Mai", None),
    (HUY, "Ngô Quang", "Huy", "huy_sxd"),
    (THAO, "Vũ Thị", "Thảo", None),
    (THU, "Phan Thị", "Thu", None),
    (KHOA, "Lý Đăng", "Khoa", None),
)
# id, type, title, members (the first made the group). One is a supergroup already, so that both kinds of ids
# are met: message ids of supergroups start at 1 and overlap with those of other chats.
GROUPS = (
    (OPERATORS, "group", "Tổ vận hành", (HA, BAO)),
    (AN_CUU, "group", "UBND phường An Cựu", (DUC, MAI)),
    (CONSTRUCTION, "supergroup", "Sở Xây dựng", (HUY, THAO)),
    (INSPECTION, "group", "Thanh tra thành phố", (THU, KHOA)),
)
FIRST_NEW_PERSON, FIRST_NEW_GROUP = 5200000000, -4300000000


def bot_token(state_dir: Path) -> str:
    """The sandbox bot's token, `123456789:` and 35 characters, made once and kept in the state folder."""
    path = state_dir / TOKEN_FILE
    if not path.exists():
        _make_token(path)
    return path.read_text("ascii").strip()


def _make_token(path: Path) -> None:
    """Write aside and link, so that of two processes starting at once one wins and both read the same."""
    path.parent.mkdir(parents=True, exist_ok=True)
    number = 100_000_000 + secrets.randbelow(900_000_000)
    token = f"{number}:" + "".join(secrets.choice(TOKEN_LETTERS) for _ in range(35))
    fresh = path.with_name(f"{path.name}.{uuid4().hex}")
    fresh.touch(mode=0o600)
    fresh.write_text(token, "ascii")
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()


def create(tx: Tx) -> None:
    """Make the people and the chats that are not there yet."""
    if tx.one("SELECT 1 FROM people LIMIT 1") is None:
        # Update ids begin anywhere on the real platform; nobody may rely on a small number.
        tx.run(
            "INSERT INTO sqlite_sequence (name, seq) VALUES ('updates', ?)",
            500_000_000 + secrets.randbelow(1_000_000),
        )
    for person_id, first, last, username in PEOPLE:
        if tx.one("SELECT 1 FROM people WHERE id = ?", person_id) is None:
            _person(tx, person_id, first, last, username)
    for chat_id, kind, title, members in GROUPS:
        if tx.one("SELECT 1 FROM chats WHERE id = ?", chat_id) is None:
            _group(tx, chat_id, kind, title, members)


def add_person(tx: Tx, first_name: str, last_name: str | None = None) -> int:
    """One more citizen with a private chat; gives the id, which is also the chat's id."""
    person_id = FIRST_NEW_PERSON + tx.next("people")
    _person(tx, person_id, first_name, last_name, None)
    return person_id


def add_group(tx: Tx, title: str, kind: str, members: list[int], *, bot: bool) -> int:
    """One more group; the first member made it."""
    if kind not in ("group", "supergroup"):
        raise ActError("a chat is a group or a supergroup")
    if not members:
        raise ActError("a group has members")
    for person_id in members:
        person(tx, person_id)
    number = tx.next("groups")
    chat_id = FIRST_NEW_GROUP - number if kind == "group" else -1002300000000 - number
    _group(tx, chat_id, kind, title, tuple(members), bot=bot)
    return chat_id


def person(tx: Tx, person_id: int) -> sqlite3.Row:
    """Raises ActError for somebody who does not live here."""
    row = tx.one("SELECT * FROM people WHERE id = ?", person_id)
    if row is None:
        raise ActError(f"no such person: {person_id}")
    return row


def user(row: sqlite3.Row) -> Json:
    """A person as the wire's `User`."""
    shown: Json = {"id": row["id"], "is_bot": False, "first_name": row["first_name"]}
    for name in ("last_name", "username"):
        if row[name]:
            shown[name] = row[name]
    return {**shown, "language_code": row["language"]}


def bot_id(tx: Tx) -> int:
    return int(bot_token(tx.state_dir).split(":")[0])


def bot_user(tx: Tx) -> Json:
    """The bot as the wire's `User`."""
    name = tx.fact("bot_name", BOT_NAME)
    return {"id": bot_id(tx), "is_bot": True, "first_name": name, "username": BOT_USERNAME}


def _person(tx: Tx, person_id: int, first: str, last: str | None, username: str | None) -> None:
    tx.run(
        "INSERT INTO people (id, first_name, last_name, username, version) VALUES (?, ?, ?, ?, ?)",
        person_id,
        first,
        last,
        username,
        tx.bump(),
    )
    tx.run(
        "INSERT INTO chats (id, type, bot_status, version) VALUES (?, 'private', 'member', ?)",
        person_id,
        tx.bump(),
    )


def _group(tx: Tx, chat_id: int, kind: str, title: str, members: tuple[int, ...], *, bot: bool = True) -> None:
    tx.run(
        "INSERT INTO chats (id, type, title, started, bot_status, version) VALUES (?, ?, ?, 1, ?, ?)",
        chat_id,
        kind,
        title,
        "member" if bot else "left",
        tx.bump(),
    )
    for place, person_id in enumerate(members):
        status = "member" if place else "creator"
        tx.run("INSERT INTO members (chat_id, person_id, status) VALUES (?, ?, ?)", chat_id, person_id, status)
