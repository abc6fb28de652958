"""The calls of the OA's API that the sandbox knows, as one table."""

from collections.abc import Callable
from typing import Any

from bot.sandbox.zalo import groups, media, people, sending
from bot.sandbox.zalo.call import Call

GROUP = "v3.0/oa/group"


def _upload(kind: str) -> Callable[[Call], Any]:
    return lambda call: media.upload(call.tx, kind, call.file)


CALLS: dict[tuple[str, str], Callable[[Call], Any]] = {
    ("POST", "v3.0/oa/message/cs"): sending.consultation,
    ("POST", "v3.0/oa/message/transaction"): sending.transaction,
    ("POST", "v3.0/oa/message/promotion"): sending.promotion,
    ("POST", "v3.0/oa/message/template"): sending.template,
    ("POST", "v2.0/oa/message"): sending.old_message,
    ("POST", "v2.0/oa/upload/image"): _upload("image"),
    ("POST", "v2.0/oa/upload/gif"): _upload("gif"),
    ("POST", "v2.0/oa/upload/file"): _upload("file"),
    ("GET", "v3.0/oa/user/detail"): people.detail,
    ("GET", "v3.0/oa/user/getlist"): people.people,
    ("GET", "v2.0/oa/getprofile"): people.detail,
    ("GET", "v2.0/oa/getfollowers"): people.followers,
    ("GET", "v2.0/oa/getoa"): people.about,
    ("GET", "v2.0/oa/listrecentchat"): people.recent_chats,
    ("GET", "v2.0/oa/conversation"): people.conversation,
    ("POST", "v3.0/oa/quota/message"): people.quota_message,
    ("POST", "v2.0/oa/quota/message"): people.replies_left,
    ("POST", "v3.0/oa/quota/group"): groups.assets,
    ("POST", "v2.0/oa/tag/tagfollower"): people.tag,
    ("POST", "v2.0/oa/tag/rmfollowerfromtag"): people.untag,
    ("POST", "v2.0/oa/tag/rmtag"): people.drop_tag,
    ("GET", "v2.0/oa/tag/gettagsofoa"): people.tags,
    ("POST", f"{GROUP}/creategroupwithoa"): groups.create,
    ("GET", f"{GROUP}/getgroup"): groups.get,
    ("GET", f"{GROUP}/getgroupsofoa"): groups.listing,
    ("POST", f"{GROUP}/updateinfo"): groups.update_info,
    ("POST", f"{GROUP}/updateasset"): groups.update_asset,
    ("POST", f"{GROUP}/delete"): groups.delete,
    ("POST", f"{GROUP}/invite"): groups.change_members("member", (None, "out", "pending"), "user_join_group"),
    ("POST", f"{GROUP}/acceptpendinginvite"): groups.change_members("member", ("pending",), "user_join_group"),
    ("POST", f"{GROUP}/rejectpendinginvite"): groups.change_members("out", ("pending",), "reject_request_join_group"),
    ("POST", f"{GROUP}/addadmins"): groups.change_members("admin", ("member",), "add_group_admin"),
    ("POST", f"{GROUP}/removeadmins"): groups.change_members("member", ("admin",), "remove_group_admin"),
    ("POST", f"{GROUP}/removemembers"): groups.change_members("out", ("member", "admin"), "user_out_group"),
    ("GET", f"{GROUP}/listmember"): groups.list_members("admin", "member"),
    ("GET", f"{GROUP}/listpendinginvite"): groups.list_members("pending"),
    ("GET", f"{GROUP}/listrecentchat"): groups.recent,
    ("GET", f"{GROUP}/conversation"): groups.conversation,
    ("POST", f"{GROUP}/message"): sending.to_group,
}
