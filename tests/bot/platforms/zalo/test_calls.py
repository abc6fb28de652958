"""The client before a far end that refuses, stumbles and is silent: what it repeats, raises, hides."""

import pickle
import socket
import threading
import traceback

import pytest
import requests

from bot.platforms.zalo.client import (
    NotSent,
    ZaloException,
    ZaloHTTPException,
    ZaloOAAuthTokenExpiredException,
    ZaloOAException,
    ZaloOAuthException,
    oa,
    zns,
)
from bot.platforms.zalo.client.base import appsecret_proof
from bot.platforms.zalo.client.errors import TOKEN_CODES
from tests.bot.platforms.zalo.local import OAUTH, Reply

SECRETS = ("access-1", "refresh-1", "app-secret-1", "access-2", "refresh-2")
BUTTONS = [oa.ZaloButton("Đèn đường", "oa.query.hide", "#a"), oa.ZaloButton("Rác", "oa.query.hide", "#b")]
PERMANENT = sorted(ZaloOAException.ERROR_CODE_TO_STR.keys() - TOKEN_CODES - {0, -32})


def refusal(code, message="no"):
    return Reply({"error": code, "message": message})


# Refusals.


@pytest.mark.parametrize("code", [*PERMANENT, -9999])
def test_every_refusal_is_raised_with_its_number_and_not_tried_again(client, local, code):
    local.answers = [refusal(code)]
    with pytest.raises(ZaloOAException) as raised:
        client.send_text("u1", "x")
    assert (type(raised.value), raised.value.code) == (ZaloOAException, code)
    assert len(local.heard) == 1


@pytest.mark.parametrize("code", sorted(TOKEN_CODES))
@pytest.mark.parametrize("words", ["Access token has expired", "Access token is invalid"])
def test_a_token_that_is_refused_is_renewed_and_the_call_made_once_more(client, local, code, words):
    local.answers = [refusal(code, words)]
    assert client.send_text("u1", "x")["error"] == 0
    first, renewal, again = local.heard
    assert (first.headers["access_token"], again.headers["access_token"]) == ("access-1", "access-2")
    assert (renewal.path, renewal.form["refresh_token"]) == (OAUTH, "refresh-1")
    assert again.body == first.body
    assert (client.access_token, client.refresh_token) == ("access-2", "refresh-2")


def test_it_is_made_only_once_more(client, local):
    local.answers = [refusal(-216), refusal(-216), refusal(-216)]
    with pytest.raises(ZaloOAAuthTokenExpiredException) as raised:
        client.send_text("u1", "x")
    assert raised.value.code == -216
    assert [one.path == OAUTH for one in local.heard] == [False, True, False]


def test_a_refresh_token_that_is_spent_leaves_the_first_refusal(client, local):
    local.answers = [refusal(-216)]
    local.oauth_answers = [Reply({"error": -14014, "error_name": "Invalid refresh token"})]
    with pytest.raises(ZaloOAAuthTokenExpiredException):
        client.send_text("u1", "x")
    assert client.access_token == "access-1"


def test_an_upload_is_whole_when_it_is_made_once_more(client, local):
    local.answers = [refusal(-220)]
    client.upload_file(b"\xff\xd8 bytes", "image", "a.jpg", "image/jpeg")
    uploads = local.calls("/v2.0/oa/upload/image")
    assert [b"\xff\xd8 bytes" in one.body for one in uploads] == [True, True]


def test_the_template_service_says_it_with_another_number(local):
    client = zns.Client("app-1", "s", "access-1", "refresh-1", endpoint_prefix=local.url, oauth_prefix=local.url)
    local.answers = [refusal(-124)]
    assert client.send_zns_message("84901234567", "t1", {})["error"] == 0
    local.answers = [refusal(-108)]
    with pytest.raises(ZaloException) as raised:
        client.get_template_list(0, 1)
    assert (type(raised.value), raised.value.code) == (ZaloException, -108)
    client.close()


def test_refusals_survive_being_pickled():
    refused = pickle.loads(pickle.dumps(ZaloOAException(-230, "no interaction")))  # noqa: S301 - our own bytes
    assert (refused.code, str(refused)) == (-230, "Zalo OA error (-230) [Person silent for 7 days]: no interaction")


@pytest.mark.parametrize("error", ["-230", -230], ids=["text", "number"])
def test_a_number_may_come_as_text(client, local, error):
    local.answers = [Reply({"error": error})]
    with pytest.raises(ZaloOAException) as raised:
        client.get_oa()
    assert raised.value.code == -230


# What is no answer of the API.


@pytest.mark.parametrize(
    "reply",
    [
        Reply(b"<html>Gateway</html>", kind="text/html"),
        Reply(b""),
        Reply(["not", "an", "object"]),
        Reply(b'{"error": 0', kind="application/json"),
    ],
    ids=["html", "nothing", "list", "cut off"],
)
def test_an_answer_that_is_no_object_is_an_error_of_http(client, local, reply):
    local.answers = [reply]
    with pytest.raises(ZaloHTTPException) as raised:
        client.send_text("u1", "x")
    assert raised.value.status == 200
    assert len(local.heard) == 1


@pytest.mark.parametrize("status", [302, 400, 403, 404, 500, 502])
def test_another_status_is_an_error_and_what_may_have_been_sent_is_not_sent_again(client, local, status, pauses):
    local.answers = [Reply(b"<html>access-1</html>", status)]
    with pytest.raises(ZaloHTTPException) as raised:
        client.send_text("u1", "x")
    assert (raised.value.status, raised.value.code) == (status, status)
    assert (len(local.heard), pauses) == (1, [])


def test_looking_is_tried_again(client, local, pauses):
    local.answers = [Reply(b"", 502), Reply(close=True)]
    assert client.get_oa()["error"] == 0
    assert pauses == [0.5, 1.5]


@pytest.mark.parametrize("reply", [refusal(-32), Reply(b"", 429)])
def test_too_many_requests_are_made_again_after_a_while(client, local, pauses, reply):
    local.answers = [reply, reply]
    assert client.send_text("u1", "x")["error"] == 0
    assert pauses == [0.5, 1.5]
    local.answers = [reply, reply, reply]
    with pytest.raises(ZaloException) as raised:
        client.send_text("u1", "x")
    assert raised.value.code in {-32, 429}


def test_a_connection_that_breaks_is_not_an_answer(client, local):
    local.answers = [Reply(close=True)]
    with pytest.raises(requests.ConnectionError) as raised:
        client.send_text("u1", "x")
    assert not isinstance(raised.value, NotSent)  # it may have arrived
    assert len(local.heard) == 1


def test_where_nobody_listens_nothing_was_sent(pauses):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{closed.getsockname()[1]}"
        client = oa.Client("app-1", "s", "access-1", endpoint_prefix=address, sleep=pauses.append)
        with pytest.raises(NotSent):
            client.send_text("u1", "x")
    assert pauses == [0.5, 1.5]
    client.close()


def test_silence_ends(local):
    heard_enough = threading.Event()

    def silent(_heard):
        heard_enough.wait(timeout=30)
        return Reply({})

    local.answers = [silent]
    client = oa.Client("app-1", "s", "access-1", endpoint_prefix=local.url, timeout=(3, 0.05))
    with pytest.raises(requests.Timeout):
        client.send_text("u1", "x")
    heard_enough.set()
    client.close()


# Nothing secret leaves.


def test_a_redirect_is_not_followed_with_the_token(client, local):
    local.answers = [Reply(b"", 302)]
    with pytest.raises(ZaloHTTPException):
        client.send_text("u1", "x")
    assert len(local.heard) == 1


@pytest.mark.parametrize(
    "reply",
    [
        refusal(-216, "access-1 is not valid, nor access-2"),
        refusal(-201, "secret app-secret-1, token access-1, refresh-1"),
        Reply(b"<html>access-1 refresh-1</html>"),
        Reply(b"access-1", 500),
        Reply(close=True),
    ],
)
def test_no_error_quotes_a_token(client, local, reply):
    local.answers = [reply] * 3
    with pytest.raises((ZaloException, requests.RequestException)) as raised:
        client.send_text("u1", "x")
    told = "".join(traceback.format_exception(raised.value)) + repr(raised.value) + repr(vars(raised.value))
    assert [secret for secret in SECRETS if secret in told] == []


def test_a_token_with_a_line_break_is_not_quoted_either(local):
    client = oa.Client("app-1", "s", "access-1\r\nbad", endpoint_prefix=local.url)
    with pytest.raises(requests.RequestException) as raised:
        client.send_text("u1", "x")
    assert "access-1" not in "".join(traceback.format_exception(raised.value))
    assert raised.value.__context__ is None
    client.close()


def test_a_refused_renewal_does_not_quote_what_it_sent(client, local):
    local.oauth_answers = [Reply({"error": -14014, "error_description": "refresh-1 of app-secret-1 is spent"})]
    with pytest.raises(ZaloOAuthException) as raised:
        client.refresh_access_token()
    assert "refresh-1" not in str(raised.value)
    assert "app-secret-1" not in str(raised.value)


# Authorising.


def test_the_address_of_consent(client, local):
    address = client.request_authorization_code_url("https://a.vn/zalo?x=1", "challenge", "state-1")
    assert address == (
        f"{local.url}/v4/oa/permission?app_id=app-1&redirect_uri=https%3A%2F%2Fa.vn%2Fzalo%3Fx%3D1"
        "&code_challenge=challenge&state=state-1"
    )


def test_a_code_becomes_a_pair(local):
    client = oa.Client("app-1", "app-secret-1", oauth_prefix=local.url, now=lambda: 1000.0)
    assert client.get_access_token_from_authorization_code("code-1", "verifier-1") == ("access-2", "refresh-2", 91000)
    (asked,) = local.heard
    assert asked.headers["secret_key"] == "app-secret-1"
    assert asked.form == {
        "code": "code-1", "app_id": "app-1", "grant_type": "authorization_code", "code_verifier": "verifier-1",
    }  # fmt: skip
    client.close()


@pytest.mark.parametrize("expires_in", ["soon", None, "", 90000])
def test_a_pair_is_never_lost_for_its_end(client, local, expires_in):
    local.oauth_answers = [Reply({"access_token": "a", "refresh_token": "r", "expires_in": expires_in})]
    assert client.refresh_access_token()[:2] == ("a", "r")


@pytest.mark.parametrize("body", [{"access_token": "a"}, {"refresh_token": "r"}, {}, {"error": "invalid_grant"}])
def test_half_a_pair_is_none(client, local, body):
    local.oauth_answers = [Reply(body)]
    with pytest.raises(ZaloException) as raised:
        client.refresh_access_token()
    assert raised.value.code == -1
    assert client.refresh_token == "refresh-1"


def test_the_proof_of_the_documents():
    assert appsecret_proof("app-secret-example", "access-token-example") == (
        "a07d8938fd56e73319dae7552f1e35da10c36d6d2f326529ab50393f6943e8c7"
    )


def test_every_call_can_be_proved(local):
    client = oa.Client("app-1", "app-secret-1", "access-1", endpoint_prefix=local.url, appsecret_proof=True)
    client.get_oa()
    client.upload_gif(b"GIF89a")
    assert {one.headers["appsecret_proof"] for one in local.heard} == {appsecret_proof("app-secret-1", "access-1")}
    assert client.create_request_header("POST")["appsecret_proof"] == appsecret_proof("app-secret-1", "access-1")
    client.close()


# What the model lacks.


def test_a_text_with_and_without_a_quote(client, local):
    client.send_text("u1", "Đã nhận", "m7")
    client.send_text(oa.AnonymousRecipient("a1", "c1"), "Đã nhận")
    first, second = local.heard
    assert first.json == {"recipient": {"user_id": "u1"}, "message": {"text": "Đã nhận", "quote_message_id": "m7"}}
    assert second.json["recipient"] == {"anonymous_id": "a1", "conversation_id": "c1"}
    assert "quote_message_id" not in second.json["message"]


def test_buttons_in_the_documented_form(client, local):
    client.send_buttons("u1", "Chọn loại sự cố:", BUTTONS)
    assert local.heard[0].json["message"] == {
        "text": "Chọn loại sự cố:",
        "attachment": {"type": "template", "payload": {"buttons": [
            {"title": "Đèn đường", "type": "oa.query.hide", "payload": "#a"},
            {"title": "Rác", "type": "oa.query.hide", "payload": "#b"},
        ]}},
    }  # fmt: skip


def test_buttons_in_the_disputed_form(client, local):
    client.buttons_template_type = "list"
    client.send_buttons("u1", "Chọn loại sự cố:", BUTTONS)
    payload = local.heard[0].json["message"]["attachment"]["payload"]
    assert payload["template_type"] == "list"
    assert payload["elements"] == [{"title": "Chọn loại sự cố:", "subtitle": "Chọn loại sự cố:"}]


@pytest.mark.parametrize("code", [-201, -233])
def test_buttons_that_are_refused_become_numbers_once_and_for_all(client, local, code):
    local.answers = [refusal(code)]
    client.send_buttons("u1", "Chọn:", BUTTONS)
    client.send_buttons("u2", "Chọn nữa:", BUTTONS, fallback_text="Gõ 1 hoặc 2")
    assert [one.json["message"].get("text") for one in local.heard] == [
        "Chọn:",
        "Chọn:\n1. Đèn đường\n2. Rác",
        "Gõ 1 hoặc 2",
    ]
    assert client.buttons_off


def test_buttons_are_not_to_blame_when_the_words_are_refused_too(client, local):
    local.answers = [refusal(-201), refusal(-201)]
    with pytest.raises(ZaloOAException):
        client.send_buttons("u1", "Chọn:", BUTTONS)
    assert not client.buttons_off


def test_a_person_who_is_silent_refuses_buttons_like_words(client, local):
    local.answers = [refusal(-230)]
    with pytest.raises(ZaloOAException):
        client.send_buttons("u1", "Chọn:", BUTTONS)
    assert len(local.heard) == 1


def test_pictures_files_reactions_templates_and_questions(client, local):
    client.send_image("u1", "att-1", "Ảnh sau khi sửa")
    client.send_file("u1", "token-1")
    client.send_reaction("u1", "/-heart", "m7")
    client.send_template_message("u1", "tpl-1", {"code": "PA-1"})
    client.request_user_info("u1", "Liên hệ", "Để phản hồi", "https://a.vn/b.png")
    image, file, reaction, template, question = local.heard
    assert image.json["message"]["attachment"] == {
        "type": "template",
        "payload": {"template_type": "media", "elements": [{"media_type": "image", "attachment_id": "att-1"}]},
    }
    assert file.json["message"] == {"attachment": {"type": "file", "payload": {"token": "token-1"}}}
    assert (reaction.path, reaction.json["sender_action"]["react_icon"]) == ("/v2.0/oa/message", "/-heart")
    assert (template.path, template.json["template_id"]) == ("/v3.0/oa/message/template", "tpl-1")
    assert question.json["message"]["attachment"]["payload"]["template_type"] == "request_user_info"


def test_a_gif_goes_where_gifs_go(client, local):
    client.upload_gif(b"GIF89a")
    assert local.heard[0].path == "/v2.0/oa/upload/gif"
    with pytest.raises(ValueError, match="video"):
        client.upload_file(b"x", "video")


@pytest.mark.parametrize(
    "wrong",
    [
        lambda client: client.send_message({}, category="news"),
        lambda client: client.get_zalo_oa_quotas("Me"),
        lambda client: client.get_zalo_oa_quotas("OA", "zns"),
        lambda client: client.get_zalo_oa_quotas("OA", "cs", "free"),
        lambda client: client.create_request_header("PUT"),
        lambda client: client.send_request("DELETE", "http://127.0.0.1"),
    ],
    ids=["category", "owner", "product", "quota", "header", "method"],
)
def test_what_is_asked_wrongly_is_not_sent(client, local, wrong):
    with pytest.raises(ValueError, match=r"unknown|none of"):
        wrong(client)
    assert local.heard == []


GROUP_CALLS = [
    (lambda c: c.create_group_with_oa("Tổ 1", "Trực", "asset-1", ["u1"]), "POST", "creategroupwithoa",
     {"group_name": "Tổ 1", "group_description": "Trực", "asset_id": "asset-1", "member_user_ids": ["u1"]}),
    (lambda c: c.get_group("g1"), "GET", "getgroup", {"group_id": "g1"}),
    (lambda c: c.get_groups_of_oa(), "GET", "getgroupsofoa", {"offset": "0", "count": "5"}),
    (lambda c: c.update_info("g1", group_name="Tổ 2"), "POST", "updateinfo", {"group_id": "g1", "group_name": "Tổ 2"}),
    (lambda c: c.update_asset("g1", "a2"), "POST", "updateasset", {"group_id": "g1", "asset_id": "a2"}),
    (lambda c: c.invite("g1", ("u1",)), "POST", "invite", {"group_id": "g1", "member_user_ids": ["u1"]}),
    (lambda c: c.list_pending_invite("g1", 5, 10), "GET", "listpendinginvite",
     {"group_id": "g1", "offset": "5", "count": "10"}),
    (lambda c: c.accept_pending_invite("g1", ["u1"]), "POST", "acceptpendinginvite",
     {"group_id": "g1", "member_user_ids": ["u1"]}),
    (lambda c: c.reject_pending_invite("g1", ["u1"]), "POST", "rejectpendinginvite",
     {"group_id": "g1", "member_user_ids": ["u1"]}),
    (lambda c: c.list_member("g1"), "GET", "listmember", {"group_id": "g1", "offset": "0", "count": "5"}),
    (lambda c: c.add_admins("g1", ["u1"]), "POST", "addadmins", {"group_id": "g1", "member_user_ids": ["u1"]}),
    (lambda c: c.remove_admins("g1", ["u1"]), "POST", "removeadmins", {"group_id": "g1", "member_user_ids": ["u1"]}),
    (lambda c: c.remove_members("g1", ["u1"]), "POST", "removemembers", {"group_id": "g1", "member_user_ids": ["u1"]}),
    (lambda c: c.delete_group("g1"), "POST", "delete", {"group_id": "g1"}),
    (lambda c: c.list_recent_group_chat(), "GET", "listrecentchat", {"offset": "0", "count": "5"}),
    (lambda c: c.get_group_conversation("g1"), "GET", "conversation", {"group_id": "g1", "offset": "0", "count": "5"}),
    (lambda c: c.send_group_message("g1", "Có phản ánh mới"), "POST", "message",
     {"recipient": {"group_id": "g1"}, "message": {"text": "Có phản ánh mới"}}),
    (lambda c: c.send_group_message("g1", attachment={"type": "file", "payload": {"token": "t"}}), "POST", "message",
     {"recipient": {"group_id": "g1"}, "message": {"attachment": {"type": "file", "payload": {"token": "t"}}}}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("call", "method", "path", "said"), GROUP_CALLS, ids=[f"{n}-{call[2]}" for n, call in enumerate(GROUP_CALLS)]
)
def test_calls_of_groups(client, local, call, method, path, said):
    assert call(client)["error"] == 0
    (heard,) = local.heard
    assert (heard.method, heard.path) == (method, f"/v3.0/oa/group/{path}")
    assert (dict(heard.query) if method == "GET" else heard.json) == said


def test_packages_of_groups_are_asked_elsewhere(client, local):
    client.get_group_quota(quota_type="purchase_quota")
    assert local.heard[0].path == "/v3.0/oa/quota/group"
    assert local.heard[0].json == {"quota_owner": "OA", "quota_type": "purchase_quota"}


def test_history_for_what_came_while_we_were_away(client, local):
    client.list_recent_chat()
    client.get_conversation("u1", 10)
    assert [dict(one.query)["data"] for one in local.heard] == [
        '{"offset": 0, "count": 10}',
        '{"user_id": "u1", "offset": 10, "count": 10}',
    ]
