"""Shape: the fields of an update that we read, and no others.

What is not named here is skipped, known or not. A body of the wrong kind, or without what every such body has,
is refused while reading; single values stay ``object``, for whoever uses one checks it: an odd value in a
field that a message does not need must not cost the message.
"""

from __future__ import annotations

import json
from typing import Any, NoReturn

import msgspec


class Body(msgspec.Struct):
    """An object of which only its presence is read."""


class Chat(msgspec.Struct):
    """A chat, or the group or channel that somebody writes as."""

    id: object
    type: object
    title: object = None
    is_forum: object = None


class User(msgspec.Struct):
    """A person or a bot."""

    id: object
    is_bot: object
    first_name: object
    last_name: object = None
    language_code: object = None


class Picture(msgspec.Struct):
    """A photo in one size, or a round video: files whose type goes without saying."""

    file_id: object
    file_unique_id: object
    file_size: object = None


class File(Picture):
    """Any other file."""

    mime_type: object = None


class Location(msgspec.Struct):
    """Degrees."""

    latitude: Any
    longitude: Any


class Venue(msgspec.Struct):
    """A named place."""

    title: object
    address: object
    location: Location | None = None


class Unsupported(msgspec.Struct):
    """What people send that we have no use for, in the order in which it is looked for."""

    sticker: Body | None = None
    game: Body | None = None
    poll: Body | None = None
    dice: Body | None = None
    story: Body | None = None
    invoice: Body | None = None
    paid_media: Body | None = None
    giveaway: Body | None = None
    giveaway_winners: Body | None = None
    checklist: Body | None = None
    successful_payment: Body | None = None
    passport_data: Body | None = None
    web_app_data: Body | None = None
    users_shared: Body | None = None
    chat_shared: Body | None = None


class Service(Unsupported):
    """What the platform itself says in a chat."""

    group_chat_created: object = None
    supergroup_chat_created: object = None
    channel_chat_created: object = None
    new_chat_title: object = None
    new_chat_photo: list[Body] | None = None
    delete_chat_photo: object = None
    pinned_message: Body | None = None
    message_auto_delete_timer_changed: Body | None = None
    forum_topic_created: Body | None = None
    forum_topic_edited: Body | None = None
    forum_topic_closed: Body | None = None
    forum_topic_reopened: Body | None = None
    general_forum_topic_hidden: Body | None = None
    general_forum_topic_unhidden: Body | None = None
    video_chat_scheduled: Body | None = None
    video_chat_started: Body | None = None
    video_chat_ended: Body | None = None
    video_chat_participants_invited: Body | None = None
    proximity_alert_triggered: Body | None = None
    boost_added: Body | None = None
    chat_background_set: Body | None = None
    write_access_allowed: Body | None = None
    connected_website: object = None
    refunded_payment: Body | None = None
    giveaway_created: Body | None = None
    giveaway_completed: Body | None = None
    gift: Body | None = None
    unique_gift: Body | None = None
    paid_message_price_changed: Body | None = None
    direct_message_price_changed: Body | None = None
    checklist_tasks_done: Body | None = None
    checklist_tasks_added: Body | None = None
    suggested_post_approved: Body | None = None
    suggested_post_approval_failed: Body | None = None
    suggested_post_declined: Body | None = None
    suggested_post_paid: Body | None = None
    suggested_post_refunded: Body | None = None


UNSUPPORTED = Unsupported.__struct_fields__
SERVICE = Service.__struct_fields__[len(UNSUPPORTED) :]


class Carrier(msgspec.Struct):
    """A message of which only its place is read: one that is answered, or one that carries a pressed button."""

    message_id: object
    date: float | None
    chat: Chat | None = None
    is_topic_message: object = None
    message_thread_id: object = None


class Message(Service, kw_only=True):
    """A message that somebody wrote, or that tells of a change in its chat."""

    message_id: object
    date: float | None
    chat: Chat | None = None
    is_topic_message: object = None
    message_thread_id: object = None
    from_user: User | None = msgspec.field(name="from", default=None)
    sender_chat: Chat | None = None
    reply_to_message: Carrier | None = None
    text: object = None
    caption: object = None
    media_group_id: object = None
    photo: list[Picture] | None = None
    video: File | None = None
    video_note: Picture | None = None
    animation: File | None = None
    voice: File | None = None
    audio: File | None = None
    document: File | None = None
    location: Location | None = None
    venue: Venue | None = None
    contact: Body | None = None
    new_chat_members: list[User] | None = None
    left_chat_member: User | None = None
    migrate_to_chat_id: object = None
    migrate_from_chat_id: object = None


class Press(msgspec.Struct):
    """A pressed button (Bot API: CallbackQuery). Its message has no more than a place when it is too old."""

    id: object
    from_user: User | None = msgspec.field(name="from", default=None)
    message: Carrier | None = None
    data: object = None


class Member(msgspec.Struct):
    """What somebody is in a chat. ``is_member`` is told of the restricted only."""

    status: object
    user: User | None = None
    is_member: object = msgspec.UNSET


class Change(msgspec.Struct):
    """A change of what somebody is in a chat (Bot API: ChatMemberUpdated)."""

    chat: Chat | None = None
    from_user: User | None = msgspec.field(name="from", default=None)
    new_chat_member: Member | None = None


class Update(msgspec.Struct):
    """One update; all is None in an update of a kind that we do not read."""

    update_id: object
    message: Message | None = None
    edited_message: Message | None = None
    callback_query: Press | None = None
    my_chat_member: Change | None = None
    chat_member: Change | None = None


_updates = msgspec.json.Decoder(Update)


def read(payload: str) -> Update:
    """The update. Raises MsgspecError, ValueError or RecursionError, whose texts may hold parts of it."""
    try:
        return _updates.decode(payload)
    except (msgspec.MsgspecError, UnicodeEncodeError):
        return _read_slowly(payload)


def _read_slowly(payload: str) -> Update:
    """As Python reads JSON, which lets in what the quick way does not: halves of characters, endless numbers."""
    return msgspec.convert(json.loads(payload, parse_constant=_no_constant), Update)


def _no_constant(_: str) -> NoReturn:
    raise ValueError("a number that is none")
