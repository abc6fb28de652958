"""The Official Account client: messages, uploads, people, quotas, tags, under the names of PyPI zalo-sdk 0.3.0."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Unpack

from bot.platforms.zalo.client.base import Answer, Options
from bot.platforms.zalo.client.errors import ZaloOAException
from bot.platforms.zalo.client.groups import GroupCalls
from bot.platforms.zalo.client.messages import (
    AnonymousRecipient,
    GroupRecipient,
    Part,
    ZaloAction,
    ZaloAttachment,
    ZaloAttachmentFile,
    ZaloAttachmentTemplate,
    ZaloButton,
    ZaloMessage,
    ZaloMessageBody,
    ZaloPayloadType,
    ZaloRecipient,
    ZaloTemplateElement,
    ZaloTemplateType,
    form_of,
)

__all__ = [
    "AnonymousRecipient",
    "Client",
    "GroupRecipient",
    "ZaloAction",
    "ZaloAttachment",
    "ZaloAttachmentFile",
    "ZaloAttachmentTemplate",
    "ZaloButton",
    "ZaloMessage",
    "ZaloMessageBody",
    "ZaloPayloadType",
    "ZaloRecipient",
    "ZaloTemplateElement",
    "ZaloTemplateType",
]

API = "https://openapi.zalo.me"
CATEGORIES = {
    "consultant": "/v3.0/oa/message/cs",
    "transaction": "/v3.0/oa/message/transaction",
    "media": "/v3.0/oa/message/promotion",
    "action": "/v2.0/oa/message",
}
UPLOADS = {"file": "/v2.0/oa/upload/file", "image": "/v2.0/oa/upload/image", "gif": "/v2.0/oa/upload/gif"}
QUOTA = "/v3.0/oa/quota/message"
QUOTA_OWNERS = ("OA", "App")
QUOTA_PRODUCTS = ("cs", "transaction")
QUOTA_TYPES = ("sub_quota", "purchase_quota", "reward_quota")
NO_BUTTONS = frozenset({-201, -233})  # how an account says that it does not take this form of buttons
LIST_TITLE = 100  # characters of an element of a "list"

To = str | Part | Mapping[str, Any]  # a person's id, or a recipient


class Client(GroupCalls):
    """One OA. Every call returns the whole envelope and raises ZaloOAException, ZaloHTTPException or `requests`' own.

    The spelling and order of parameters are the model's where it has the call.
    """

    def __init__(
        self, app_id: str, secret_key: str, access_token: str = "", refresh_token: str = "", **kwargs: Unpack[Options]
    ) -> None:
        super().__init__(access_token, refresh_token, app_id, secret_key, **kwargs)
        self.endpoint_prefix = kwargs.get("endpoint_prefix", API).rstrip("/")
        self.buttons_template_type = kwargs.get("buttons_template_type", "")
        self.buttons_off = False  # learnt: this OA refused them once

    # Messages.

    def create_request_body(
        self,
        recipient: Part | Mapping[str, Any] | None,
        body: Part | Mapping[str, Any] | None = None,
        action: Part | Mapping[str, Any] | None = None,
    ) -> Answer:
        """What ``send_message`` sends."""
        return ZaloMessage(recipient, body, action).toDict()

    def send_message(
        self,
        recipient: Part | Mapping[str, Any],
        body: Part | Mapping[str, Any] | None = None,
        action: Part | Mapping[str, Any] | None = None,
        category: str = "consultant",
        files: Mapping[str, Any] | None = None,
    ) -> Answer:
        """Send to one person as ``consultant``, ``transaction``, ``media`` or ``action``. Raises ValueError."""
        if category not in CATEGORIES:
            raise ValueError(f"unknown category {category!r}: {', '.join(CATEGORIES)}")
        asked = self.create_request_body(recipient, body, action)
        return self._call("POST", self.endpoint_prefix + CATEGORIES[category], body=asked, files=files)

    def send_text(self, recipient: To, text: str, quote_message_id: str | None = None) -> Answer:
        """Words; at most 2,000 characters."""
        return self.send_message(_recipient(recipient), ZaloMessageBody(text, None, quote_message_id))

    def send_buttons(
        self,
        recipient: To,
        text: str,
        buttons: Sequence[Part | Mapping[str, Any]],
        fallback_text: str | None = None,
        quote_message_id: str | None = None,
    ) -> Answer:
        """Words with up to five buttons.

        Where the OA does not take them the words go out alone, once, with a numbered list or as ``fallback_text``;
        from then on ``buttons_off`` is true and nothing else is tried.
        """
        plain = fallback_text if fallback_text is not None else _numbered(text, buttons)
        if self.buttons_off:
            return self.send_text(recipient, plain, quote_message_id)
        try:
            return self.send_message(_recipient(recipient), self._with_buttons(text, buttons, quote_message_id))
        except ZaloOAException as refused:
            if refused.code not in NO_BUTTONS:
                raise
        sent = self.send_text(recipient, plain, quote_message_id)
        self.buttons_off = True  # only now: had the words failed as well, the buttons were not to blame
        return sent

    def send_image(self, recipient: To, attachment_id: str, text: str | None = None) -> Answer:
        """An uploaded image, with words."""
        element = ZaloTemplateElement(media_type="image", attachment_id=attachment_id)
        return self.send_message(_recipient(recipient), ZaloMessageBody(text, media_attachment(element)))

    def send_file(self, recipient: To, token: str) -> Answer:
        """An uploaded file, by the token that the upload gave."""
        return self.send_message(_recipient(recipient), ZaloMessageBody(None, ZaloAttachment("file", {"token": token})))

    def send_reaction(self, recipient: To, react_icon: str, react_message_id: str) -> Answer:
        """A reaction to a person's message."""
        action = ZaloAction(react_icon, react_message_id)
        return self.send_message(_recipient(recipient), action=action, category="action")

    def send_template_message(self, user_id: str, template_id: str, template_data: Mapping[str, Any]) -> Answer:
        """A paid template message (ZBS), which may go out after the windows have closed."""
        body = {"user_id": user_id, "template_id": template_id, "template_data": dict(template_data)}
        return self._call("POST", f"{self.endpoint_prefix}/v3.0/oa/message/template", body=body)

    def request_user_info(self, recipient: To, title: str, subtitle: str, image_url: str) -> Answer:
        """Ask a person for name and telephone number; the answer is the event ``user_submit_info``."""
        element = ZaloTemplateElement(title=title, subtitle=subtitle, image_url=image_url)
        form = ZaloAttachmentTemplate(ZaloTemplateType.request_user_info, [element], None)
        return self.send_message(_recipient(recipient), ZaloMessageBody(None, ZaloAttachment("template", form)))

    # Uploads.

    def upload_file(
        self, file_data: bytes, file_type: str = "file", file_name: str = "", mime_type: str = ""
    ) -> Answer:
        """Upload a ``file`` (→ ``data.token``), ``image`` or ``gif`` (→ ``data.attachment_id``). Raises ValueError."""
        if file_type not in UPLOADS:
            raise ValueError(f"unknown kind of file {file_type!r}: {', '.join(UPLOADS)}")
        files = {"file": (file_name, file_data, mime_type)}
        return self._call("POST", self.endpoint_prefix + UPLOADS[file_type], files=files)

    def upload_gif(self, file_data: bytes, file_name: str = "image.gif", mime_type: str = "image/gif") -> Answer:
        """Upload a moving picture."""
        return self.upload_file(file_data, "gif", file_name, mime_type)

    # People and the account.

    def get_user_detail(self, user_id: str) -> Answer:
        """What Zalo tells about a person."""
        return self._ask("/v3.0/oa/user/detail", {"user_id": user_id})

    def get_list(self, data: Mapping[str, Any]) -> Answer:
        """People by ``offset``, ``count``, ``tag_name``, ``last_interaction_period``, ``is_follower``."""
        return self._ask("/v3.0/oa/user/getlist", data)

    def get_profile(self, user_id: str) -> Answer:
        """The older form of ``get_user_detail``."""
        return self._ask("/v2.0/oa/getprofile", {"user_id": user_id})

    def get_followers(self, data: Mapping[str, Any]) -> Answer:
        """The older form of ``get_list``."""
        return self._ask("/v2.0/oa/getfollowers", data)

    def get_oa(self) -> Answer:
        """The account itself; a good check of health."""
        return self._call("GET", f"{self.endpoint_prefix}/v2.0/oa/getoa")

    def list_recent_chat(self, offset: int = 0, count: int = 10) -> Answer:
        """The newest messages of all people, ten at most: for what came while we were away."""
        return self._ask("/v2.0/oa/listrecentchat", {"offset": offset, "count": count})

    def get_conversation(self, user_id: str, offset: int = 0, count: int = 10) -> Answer:
        """The newest messages with one person, ten at most."""
        return self._ask("/v2.0/oa/conversation", {"user_id": user_id, "offset": offset, "count": count})

    # Quotas.

    def get_free_response_quota(self, message_id: str) -> Answer:
        """How many free replies a message of a person still allows."""
        return self._tell_oa("/v2.0/oa/quota/message", message_id=message_id)

    def get_zalo_oa_quotas(self, quota_owner: str, product_type: str = "", quota_type: str = "") -> Answer:
        """What the OA or the app may still send. Raises ValueError for a word that is not known."""
        asked = {"quota_owner": _one_of("quota_owner", quota_owner, QUOTA_OWNERS)}
        if product_type:
            asked["product_type"] = _one_of("product_type", product_type, QUOTA_PRODUCTS)
        if quota_type:
            asked["quota_type"] = _one_of("quota_type", quota_type, QUOTA_TYPES)
        return self._tell_oa(QUOTA, **asked)

    def get_zalo_user_quotas(self, user_id: str) -> Answer:
        """What may still be sent to a person, and when they last wrote."""
        return self._tell_oa(QUOTA, user_id=user_id)

    # Tags.

    def tag_follower(self, user_id: str, tag_name: str) -> Answer:
        """Put a tag on a person."""
        return self._tell_oa("/v2.0/oa/tag/tagfollower", user_id=user_id, tag_name=tag_name)

    def rm_follower_from_tag(self, user_id: str, tag_name: str) -> Answer:
        """Take a tag off a person."""
        return self._tell_oa("/v2.0/oa/tag/rmfollowerfromtag", user_id=user_id, tag_name=tag_name)

    def get_tags_of_oa(self) -> Answer:
        """Every tag."""
        return self._call("GET", f"{self.endpoint_prefix}/v2.0/oa/tag/gettagsofoa")

    def rm_tag(self, tag_name: str) -> Answer:
        """Drop a tag."""
        return self._tell_oa("/v2.0/oa/tag/rmtag", tag_name=tag_name)

    # Inside.

    def _ask(self, path: str, data: Mapping[str, Any]) -> Answer:
        return self._call("GET", self.endpoint_prefix + path, body=data)

    def _tell_oa(self, path: str, **body: Any) -> Answer:
        return self._call("POST", self.endpoint_prefix + path, body=body)

    def _with_buttons(
        self, text: str, buttons: Sequence[Part | Mapping[str, Any]], quote_message_id: str | None
    ) -> ZaloMessageBody:
        """The documented form, or the disputed one with its text in elements."""
        kind = self.buttons_template_type
        if kind != ZaloTemplateType.list.name:
            form = ZaloAttachmentTemplate(kind, None, buttons)
            return ZaloMessageBody(text, ZaloAttachment("template", form), quote_message_id)
        title, _, rest = text.partition("\n")
        element = ZaloTemplateElement(title=title[:LIST_TITLE], subtitle=rest.strip() or title)
        form = ZaloAttachmentTemplate(kind, [element], buttons)
        return ZaloMessageBody(None, ZaloAttachment("template", form), quote_message_id)


def media_attachment(element: Part | Mapping[str, Any]) -> ZaloAttachment:
    """An image, gif or sticker: exactly one element."""
    return ZaloAttachment("template", ZaloAttachmentTemplate(ZaloTemplateType.media, [element], None))


def _recipient(to: To) -> Part | Mapping[str, Any]:
    return ZaloRecipient(user_id=to) if isinstance(to, str) else to


def _numbered(text: str, buttons: Sequence[Part | Mapping[str, Any]]) -> str:
    titles = [str(form_of(button).get("title", "")) for button in buttons]
    return "\n".join([text, *(f"{number}. {title}" for number, title in enumerate(titles, 1))])


def _one_of(name: str, value: str, known: Sequence[str]) -> str:
    if value not in known:
        raise ValueError(f"{name} {value!r} is none of {', '.join(known)}")
    return value
