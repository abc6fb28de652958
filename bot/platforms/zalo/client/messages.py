"""Messages: what can be said to a person, each part with `toDict()` in the form of the API."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

Form = dict[str, Any]


class Part(Protocol):
    """Whatever knows its own form."""

    def toDict(self) -> Form:
        """The form in which it is sent."""
        ...


def form_of(value: Part | Mapping[str, Any]) -> Form:
    """The form of a part, or of one that is written out already."""
    return dict(value) if isinstance(value, Mapping) else value.toDict()


def _given(values: Mapping[str, Any]) -> Form:
    return {key: value for key, value in values.items() if value is not None}


class ZaloMessage:
    """A whole request to send: to whom, and a body or an action."""

    def __init__(
        self,
        recipient: Part | Mapping[str, Any] | None = None,
        message_body: Part | Mapping[str, Any] | None = None,
        action: Part | Mapping[str, Any] | None = None,
    ) -> None:
        self.msg = {"recipient": recipient, "message": message_body, "sender_action": action}

    def toDict(self) -> Form:
        """What is not there is left out."""
        return {key: form_of(part) for key, part in self.msg.items() if part is not None}


class ZaloPayloadType(enum.Enum):
    """Kinds of attachments."""

    file = enum.auto()
    template = enum.auto()


class ZaloTemplateType(enum.Enum):
    """Kinds of templates."""

    media = enum.auto()
    list = enum.auto()
    request_user_info = enum.auto()


class ZaloAttachment:
    """An attachment: its kind and its payload, which is a plain dict or a part."""

    def __init__(self, payload_type: str, payload: Part | Mapping[str, Any] | None = None) -> None:
        self.payload_type = payload_type
        self.payload = {} if payload is None else payload

    def toDict(self) -> Form:
        """The kind by its name."""
        kind = self.payload_type.name if isinstance(self.payload_type, enum.Enum) else self.payload_type
        return {"type": kind, "payload": form_of(self.payload)}


class ZaloMessageBody:
    """What is said: a text, an attachment, and which message it answers."""

    def __init__(
        self,
        text: str | None = None,
        attachment: ZaloAttachment | Mapping[str, Any] | None = None,
        quote_message_id: str | None = None,
    ) -> None:
        self.body = {"text": text, "attachment": attachment, "quote_message_id": quote_message_id}

    def toDict(self) -> Form:
        """What is not there is left out: an empty quote is refused by some accounts."""
        return {
            key: part if isinstance(part, str) else form_of(part) for key, part in self.body.items() if part is not None
        }


class ZaloRecipient:
    """To whom: by a message of theirs, by their id, or by a description; the first that is given, in that order."""

    def __init__(
        self, message_id: str | None = None, user_id: str | None = None, target: Mapping[str, Any] | None = None
    ) -> None:
        self.user_id = user_id
        self.message_id = message_id
        self.target = target

    def toDict(self) -> Form:
        """One way of naming them, or nothing."""
        ways = {"message_id": self.message_id, "user_id": self.user_id, "target": self.target}
        return dict([next(iter(_given(ways).items()))]) if _given(ways) else {}


class GroupRecipient:
    """A group that the OA made."""

    def __init__(self, group_id: str) -> None:
        self.group_id = group_id

    def toDict(self) -> Form:
        """By its id."""
        return {"group_id": self.group_id}


class AnonymousRecipient:
    """A visitor of the web widget who is not logged in."""

    def __init__(self, anonymous_id: str, conversation_id: str) -> None:
        self.anonymous_id = anonymous_id
        self.conversation_id = conversation_id

    def toDict(self) -> Form:
        """Both ids are needed."""
        return {"anonymous_id": self.anonymous_id, "conversation_id": self.conversation_id}


class ZaloAction:
    """A reaction to a message; the icon ``/-remove`` takes it back."""

    def __init__(self, react_icon: str, react_message_id: str) -> None:
        self.react_icon = react_icon
        self.react_message_id = react_message_id

    def toDict(self) -> Form:
        """The icon and the message."""
        return {"react_icon": self.react_icon, "react_message_id": self.react_message_id}


class ZaloTemplateElement:
    """One element of a template; what is not given is left out, what is not known is ignored."""

    KNOWN = (
        "media_type", "url", "title", "subtitle", "image_url", "default_action", "attachment_id", "width", "height",
    )  # fmt: skip

    def __init__(self, **kwargs: Any) -> None:
        self.elem = {name: kwargs.get(name) for name in self.KNOWN}

    def toDict(self) -> Form:
        """The values that were given."""
        return _given(self.elem)


class ZaloButton:
    """A button under a message; ``type`` is one of the API's ``oa.query.show``, ``oa.query.hide``, ``oa.open.url`` …"""

    def __init__(self, title: str, type: str, payload: str | Mapping[str, Any]) -> None:
        self.title = title
        self.type = type
        self.payload = payload

    def toDict(self) -> Form:
        """Title, kind, and what comes of it."""
        payload = self.payload if isinstance(self.payload, str) else dict(self.payload)
        return {"title": self.title, "type": self.type, "payload": payload}


class ZaloAttachmentTemplate:
    """The payload of a template. Without a type it holds buttons only: the documented form of a consultation."""

    def __init__(
        self,
        template_type: ZaloTemplateType | str | None,
        elements: Sequence[Part | Mapping[str, Any]] | None,
        buttons: Sequence[Part | Mapping[str, Any]] | None,
    ) -> None:
        self.template_type = template_type
        self.elements = elements
        self.buttons = buttons

    def toDict(self) -> Form:
        """Lists that are empty are left out."""
        kind = self.template_type.name if isinstance(self.template_type, enum.Enum) else self.template_type
        form: Form = {"template_type": kind} if kind else {}
        if self.elements:
            form["elements"] = [form_of(element) for element in self.elements]
        if self.buttons:
            form["buttons"] = [form_of(button) for button in self.buttons]
        return form


class ZaloAttachmentFile:
    """An uploaded file by the token that the upload gave."""

    def __init__(self, payload_token: str | Mapping[str, Any]) -> None:
        self.payload = payload_token

    def toDict(self) -> Form:
        """The token under its key."""
        return {"payload": self.payload}
