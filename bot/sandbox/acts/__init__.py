"""What people in the sandbox can do with their phones; each act is one row of a table."""

from collections.abc import Callable

from bot.sandbox import updates
from bot.sandbox.acts import group, press, talk
from bot.sandbox.acts.wish import Act
from bot.sandbox.call import Upload
from bot.sandbox.errors import ActError, ApiError
from bot.sandbox.store import Json, Tx

ACTS: dict[str, Callable[[Act], Json]] = {
    "text": talk.text,
    "start": talk.start,
    "photo": talk.photo,
    "document": talk.document,
    "video": talk.video,
    "voice": talk.voice,
    "sticker": talk.sticker,
    "location": talk.location,
    "live_location": talk.live_location,
    "move_live": talk.move_live,
    "venue": talk.venue,
    "contact": talk.contact,
    "edit": talk.edit,
    "delete": talk.delete,
    "press": press.press,
    "join": group.join,
    "leave": group.leave,
    "kick": group.kick,
    "set_anonymous": group.set_anonymous,
    "add_bot": group.bot_becomes("member", ("left", "kicked")),
    "remove_bot": group.bot_becomes("kicked", updates.PRESENT),
    "promote_bot": group.bot_becomes("administrator", ("member",)),
    "demote_bot": group.bot_becomes("member", ("administrator",)),
    "upgrade": group.upgrade,
    "set_topics": group.set_topics,
    "create_topic": group.create_topic,
    "change_topic": group.change_topic,
    "block": group.set_blocked(True),
    "unblock": group.set_blocked(False),
    "deactivate": group.deactivate,
}


def perform(tx: Tx, wish: Json, files: list[Upload]) -> Json:
    """Do what the wish says. Raises ActError when it cannot be done, in words for the one who asked."""
    act = ACTS.get(str(wish.get("act")))
    if act is None:
        raise ActError(f"unknown act: {wish.get('act')}")
    try:
        return act(Act(tx, dict(wish), files))
    except ApiError as refusal:
        raise ActError(refusal.description) from refusal
    except (TypeError, ValueError) as fault:
        raise ActError("a number is written wrongly") from fault
