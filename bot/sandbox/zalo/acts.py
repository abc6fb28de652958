"""What people can do with Zalo on their phones, and human agents of the OA with theirs; one row of a table each."""

import json
import secrets
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.call import Upload
from bot.sandbox.errors import ActError, ApiError
from bot.sandbox.store import Json, Tx
from bot.sandbox.zalo import events, limits, media, messages, world
from bot.sandbox.zalo.account import Account

PERSON_FILE_BYTES = 64 * 1024 * 1024
UPLOADS = {"photo": "image", "document": "file", "video": "video", "voice": "audio", "sticker": "sticker", "gif": "gif"}


@dataclass
class Act:
    """One wish of somebody: who, where, what, the files that came along, and the address of files."""

    tx: Tx
    account: Account
    base: str
    wish: Json
    files: list[Upload] = field(default_factory=list)

    def need(self, name: str) -> Any:
        if self.wish.get(name) is None:
            raise ActError(f"{name} is missing")
        return self.wish[name]

    @property
    def chat(self) -> str:
        return str(self.need("chat"))

    def person(self) -> sqlite3.Row:
        """Whoever does it; in a chat with the OA that is whose chat it is."""
        return world.person(self.tx, str(self.wish.get("person") or self.chat))

    def group(self) -> sqlite3.Row:
        found = world.group(self.tx, self.chat)
        if found is None or found["state"] == "deleted":
            raise ActError(f"no such group: {self.chat}")
        return found


def say(act: Act, contents: list[Json]) -> Json:
    """Post for a person and tell the OA; several photos are several messages, and several events."""
    person, group = act.person(), world.group(act.tx, act.chat)
    if group is None:
        if act.chat != person["id"]:
            raise ActError("this is somebody else's chat")
        world.interacted(act.tx, person["id"])
    else:
        _present(act, person)
    quoted, numbers = _reply_to(act), []
    for content in contents:
        row = messages.post(act.tx, act.chat, person["id"], content, quoted)
        numbers.append(row["number"])
        if group is None:
            events.said(act.tx, act.account, person, row, act.base)
        elif group["state"] == "enabled":
            events.said_in_group(act.tx, act.account, row, act.base)
    return {"chat": act.chat, "message_ids": numbers}


def _present(act: Act, person: sqlite3.Row) -> None:
    if all(member["id"] != person["id"] for member in world.members(act.tx, act.group()["id"])):
        raise ActError("this person is not a member of this group")


def _reply_to(act: Act) -> int | None:
    wanted = act.wish.get("reply_to")
    if wanted is None:
        return None
    if messages.find(act.tx, act.chat, int(wanted)) is None:
        raise ActError("the message to answer is gone")
    return int(wanted)


def text(act: Act) -> Json:
    """The app of Zalo cuts long texts too."""
    words = str(act.need("text")).strip()
    if not words:
        raise ActError("a text is not empty")
    most = limits.TEXT_CHARACTERS
    return say(act, [{"text": words[begin : begin + most]} for begin in range(0, len(words), most)])


def send(name: str) -> Callable[[Act], Json]:
    """Files; what is written with them stands under the first."""

    def act_send(act: Act) -> Json:
        if not act.files:
            raise ActError("name a sample or send a file")
        if any(len(file.data) > PERSON_FILE_BYTES for file in act.files):
            raise ActError("a file of the sandbox is at most 64 MB")
        kind, caption = UPLOADS[name], str(act.wish.get("caption") or "").strip()
        contents: list[Json] = [
            {"file": {"kind": kind, "id": media.sent_by_person(act.tx, kind, file)}} for file in act.files
        ]
        if caption:
            contents[0]["text"] = caption
        return say(act, contents)

    return act_send


def location(act: Act) -> Json:
    place = {"latitude": float(act.need("lat")), "longitude": float(act.need("lon"))}
    if not (-90 <= place["latitude"] <= 90 and -180 <= place["longitude"] <= 180):
        raise ActError("latitude lies between -90 and 90, longitude between -180 and 180")
    words = str(act.wish.get("title") or "").strip()
    return say(act, [{"location": place, **({"text": words} if words else {})}])


def link(act: Act) -> Json:
    shared = {
        "url": str(act.need("url")),
        "title": str(act.wish.get("title") or ""),
        "description": "",
        "thumbnail": "",
    }
    return say(act, [{"link": shared, "text": shared["url"]}])


def contact(act: Act) -> Json:
    person = act.person()
    card = {"description": json.dumps({"phone": person["phone"]}), "thumbnail": "", "url": ""}
    return say(act, [{"business_card": card, "text": person["name"]}])


def press(act: Act) -> Json:
    """A tap on a button of the OA, by its payload: shown ones write the payload as the person's own message."""
    person, number, data = act.person(), int(act.need("message")), str(act.need("data"))
    row = messages.find(act.tx, act.chat, number)
    buttons = [] if row is None else messages.content(row).get("buttons", [])
    found = next((one for one in buttons if one.get("payload") == data), None)
    if found is None and not act.wish.get("forge"):
        raise ActError("there is no such button")
    if found is not None and found["type"] == "oa.query.show":
        return {**say(act, [{"text": data}]), "callback_id": ""}
    world.interacted(act.tx, person["id"])
    msg_id = secrets.token_hex(10)
    events.pressed(act.tx, act.account, person, msg_id, data)
    return {"chat": act.chat, "callback_id": msg_id}


def follow(wanted: bool) -> Callable[[Act], Json]:
    """Following counts as an interaction; who stops following is no longer written to."""

    def act_follow(act: Act) -> Json:
        person = act.person()
        if bool(person["follows"]) is wanted:
            raise ActError("nothing to change")
        world.change(act.tx, person["id"], follows=int(wanted), last_at=act.tx.now if wanted else None)
        events.followed(act.tx, act.account, person, follows=wanted)
        return {"chat": person["id"]}

    return act_follow


def mark(column: str, wanted: bool) -> Callable[[Act], Json]:
    """What the OA learns from a refusal only: the person takes no messages, or has not used Zalo for long."""

    def act_mark(act: Act) -> Json:
        person = act.person()
        world.change(act.tx, person["id"], **{column: int(wanted)})
        return {"chat": person["id"]}

    return act_mark


def chat_now(act: Act) -> Json:
    person = act.person()
    world.interacted(act.tx, person["id"])
    events.clicked(act.tx, act.account, person)
    return {"chat": person["id"]}


def give_info(act: Act) -> Json:
    """Answer a request for contact details, in the older or the newer shape."""
    person = act.person()
    info: Json = {"name": person["name"], "phone": person["phone"]}
    if act.wish.get("newer"):
        place = {"user_city": "Huế", "user_ward": "Thuận Hóa", "user_address": "12 Nguyễn Huệ"}
        info |= {"user_dob": "01/01/1990", "gender": "1", "full_address": place}
    else:
        info |= {"address": "12 Nguyễn Huệ", "city": "Huế", "district": "Thuận Hóa", "ward": "Thuận Hóa"}
    shared = {**info, "phone": int(person["phone"])}
    world.change(act.tx, person["id"], shared=json.dumps(shared, ensure_ascii=False), last_at=act.tx.now)
    events.gave_info(act.tx, act.account, person, info)
    return {"chat": person["id"]}


def react(act: Act) -> Json:
    person = act.person()
    row = messages.find(act.tx, act.chat, int(act.need("message")))
    if row is None:
        raise ActError("the message is gone")
    icon = str(act.wish.get("icon") or "/-heart")
    messages.rewrite(act.tx, row, {**messages.content(row), "reaction": icon})
    events.reacted(act.tx, act.account, person, row, icon)
    return {"chat": act.chat}


def agent(act: Act) -> Json:
    """Somebody of the office writes by hand in OA Manager; the program hears it as an echo, if these are ticked."""
    group = world.group(act.tx, act.chat) is not None
    content = {"text": str(act.need("text")), "agent": True}
    row = messages.post(act.tx, act.chat, act.account.oa_id, content)
    events.echoed(act.tx, act.account, row, act.base, group=group, agent=str(act.wish.get("person") or world.AN))
    return {"chat": act.chat, "message_ids": [row["number"]]}


def join(act: Act) -> Json:
    group, person = act.group(), act.person()
    if any(member["id"] == person["id"] for member in world.members(act.tx, group["id"])):
        raise ActError("already a member")
    return _moves(act, person, "member", "user_join_group")


def leave(act: Act) -> Json:
    person = act.person()
    _present(act, person)
    return _moves(act, person, "out", "user_out_group")


def _moves(act: Act, person: sqlite3.Row, status: str, event: str) -> Json:
    group = act.group()
    world.put_member(act.tx, group["id"], person["id"], status)
    service = {"kind": "joined" if status == "member" else "left", "name": person["name"]}
    row = messages.post(act.tx, group["id"], person["id"], {"service": service})
    events.group_changed(act.tx, act.account, event, group["id"], person["id"])
    return {"chat": group["id"], "message_ids": [row["number"]]}


def disable(wanted: bool) -> Callable[[Act], Json]:
    """The group's paid time is over, or renewed."""

    def act_disable(act: Act) -> Json:
        group = act.group()
        act.tx.run("UPDATE zalo_groups SET state = ? WHERE id = ?", "disabled" if wanted else "enabled", group["id"])
        world.touch(act.tx, "zalo_groups", group["id"])
        return {"chat": group["id"]}

    return act_disable


def disperse(act: Act) -> Json:
    group = act.group()
    act.tx.run("UPDATE zalo_groups SET state = 'deleted' WHERE id = ?", group["id"])
    world.touch(act.tx, "zalo_groups", group["id"])
    events.group_changed(act.tx, act.account, "disperse_group", group["id"], world.AN)
    return {"chat": group["id"]}


ACTS: dict[str, Callable[[Act], Json]] = {
    "text": text,
    **{name: send(name) for name in UPLOADS},
    "location": location,
    "link": link,
    "contact": contact,
    "press": press,
    "start": follow(True),
    "follow": follow(True),
    "unfollow": follow(False),
    "block": mark("blocked", True),
    "unblock": mark("blocked", False),
    "sleep": mark("asleep", True),
    "wake": mark("asleep", False),
    "chat_now": chat_now,
    "give_info": give_info,
    "react": react,
    "agent": agent,
    "join": join,
    "leave": leave,
    "kick": leave,
    "disable_group": disable(True),
    "enable_group": disable(False),
    "disperse": disperse,
}


def perform(tx: Tx, owner: Account, base: str, wish: Json, files: list[Upload]) -> Json:
    """Do what the wish says. Raises ActError when it cannot be done, in words for the one who asked."""
    act = ACTS.get(str(wish.get("act")))
    if act is None:
        raise ActError(f"unknown act on Zalo: {wish.get('act')}")
    try:
        return act(Act(tx, owner, base, dict(wish), files))
    except ApiError as refusal:
        raise ActError(refusal.description) from refusal
    except (TypeError, ValueError) as fault:
        raise ActError("a number is written wrongly") from fault
