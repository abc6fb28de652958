"""Groups (GMF): how an OA makes and keeps groups of its own; an existing group cannot be taken over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.platforms.zalo.client.base import Answer, BaseClient
from bot.platforms.zalo.client.messages import GroupRecipient, Part, ZaloMessageBody, form_of

PATH = "/v3.0/oa/group"


class GroupCalls(BaseClient):
    """All answers are whole envelopes; raises like every call (-237, -238, -241, -403 are about groups)."""

    endpoint_prefix: str

    def create_group_with_oa(
        self, group_name: str, group_description: str, asset_id: str, member_user_ids: Sequence[str]
    ) -> Answer:
        """Make a group of 1–99 people, an administrator of the OA among them; ``data`` has its ``group_id``."""
        return self._tell(
            "creategroupwithoa",
            group_name=group_name,
            group_description=group_description,
            asset_id=asset_id,
            member_user_ids=list(member_user_ids),
        )

    def get_group(self, group_id: str) -> Answer:
        """One group."""
        return self._look("getgroup", group_id=group_id)

    def get_groups_of_oa(self, offset: int = 0, count: int = 5) -> Answer:
        """The OA's groups: ``data`` has ``groups`` and ``total``."""
        return self._look("getgroupsofoa", offset=offset, count=count)

    def update_info(self, group_id: str, **changes: Any) -> Answer:
        """Change a group's ``group_name``, ``group_description`` …"""
        return self._tell("updateinfo", group_id=group_id, **changes)

    def update_asset(self, group_id: str, asset_id: str) -> Answer:
        """Put a group on another package."""
        return self._tell("updateasset", group_id=group_id, asset_id=asset_id)

    def invite(self, group_id: str, member_user_ids: Sequence[str]) -> Answer:
        """Invite people into a group."""
        return self._tell("invite", group_id=group_id, member_user_ids=list(member_user_ids))

    def list_pending_invite(self, group_id: str, offset: int = 0, count: int = 5) -> Answer:
        """Who asked to come in."""
        return self._look("listpendinginvite", group_id=group_id, offset=offset, count=count)

    def accept_pending_invite(self, group_id: str, member_user_ids: Sequence[str]) -> Answer:
        """Let them in."""
        return self._tell("acceptpendinginvite", group_id=group_id, member_user_ids=list(member_user_ids))

    def reject_pending_invite(self, group_id: str, member_user_ids: Sequence[str]) -> Answer:
        """Keep them out."""
        return self._tell("rejectpendinginvite", group_id=group_id, member_user_ids=list(member_user_ids))

    def list_member(self, group_id: str, offset: int = 0, count: int = 5) -> Answer:
        """Who is in a group: ``data.members``, each with ``user_id`` or ``oa_id``."""
        return self._look("listmember", group_id=group_id, offset=offset, count=count)

    def add_admins(self, group_id: str, member_user_ids: Sequence[str]) -> Answer:
        """Make members its administrators."""
        return self._tell("addadmins", group_id=group_id, member_user_ids=list(member_user_ids))

    def remove_admins(self, group_id: str, member_user_ids: Sequence[str]) -> Answer:
        """Make administrators plain members."""
        return self._tell("removeadmins", group_id=group_id, member_user_ids=list(member_user_ids))

    def remove_members(self, group_id: str, member_user_ids: Sequence[str]) -> Answer:
        """Take people out of a group."""
        return self._tell("removemembers", group_id=group_id, member_user_ids=list(member_user_ids))

    def delete_group(self, group_id: str) -> Answer:
        """Dissolve a group."""
        return self._tell("delete", group_id=group_id)

    def list_recent_group_chat(self, offset: int = 0, count: int = 5) -> Answer:
        """The newest messages of all groups."""
        return self._look("listrecentchat", offset=offset, count=count)

    def get_group_conversation(self, group_id: str, offset: int = 0, count: int = 5) -> Answer:
        """The newest messages of one group."""
        return self._look("conversation", group_id=group_id, offset=offset, count=count)

    def get_group_quota(self, quota_owner: str = "OA", product_type: str = "", quota_type: str = "") -> Answer:
        """The packages for groups: ``asset_id``, ``valid_through``, ``auto_renew``, ``status``, ``used_id`` each."""
        asked = {"quota_owner": quota_owner, "product_type": product_type, "quota_type": quota_type}
        body = {name: value for name, value in asked.items() if value}
        return self._call("POST", f"{self.endpoint_prefix}/v3.0/oa/quota/group", body=body)

    def send_group_message(
        self,
        group_id: str,
        text: str | None = None,
        attachment: Part | Mapping[str, Any] | None = None,
        quote_message_id: str | None = None,
    ) -> Answer:
        """Say something in a group: text, image, file or sticker, never buttons."""
        said = ZaloMessageBody(text, None if attachment is None else form_of(attachment), quote_message_id)
        body = {"recipient": GroupRecipient(group_id).toDict(), "message": said.toDict()}
        return self._call("POST", f"{self.endpoint_prefix}{PATH}/message", body=body)

    def _look(self, name: str, **params: Any) -> Answer:
        # Unlike the older calls these take plain parameters.
        return self._call("GET", f"{self.endpoint_prefix}{PATH}/{name}", params=params)

    def _tell(self, name: str, **body: Any) -> Answer:
        return self._call("POST", f"{self.endpoint_prefix}{PATH}/{name}", body=body)
