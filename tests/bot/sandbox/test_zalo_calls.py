"""Zalo's API on the far end: tokens, messages, uploads, windows, groups, and every refusal with its code."""

import io

import pytest
import requests
from PIL import Image

from bot.sandbox import samples
from bot.sandbox.client import SandboxError
from bot.sandbox.zalo import tokens
from bot.sandbox.zalo.account import API, BUSINESS, OAUTH
from bot.sandbox.zalo.world import AN, BINH, CUC, NAM, THUAN_HOA

SHOW = {"title": "Đèn đường", "type": "oa.query.show", "payload": "#light"}


@pytest.fixture
def nam(people):
    citizen = people.citizen(NAM)
    citizen.follows()
    return citizen


def picture(form="JPEG", size=(300, 200)):
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, form)
    return out.getvalue()


def buttons(*given, **payload):
    return {"type": "template", "payload": {**payload, "buttons": list(given)}}


# --- tokens --------------------------------------------------------------------------------------------------------


def test_a_pair_is_renewed_once(zalo, nam):
    first = zalo.owner
    pair = zalo.refresh(first.refresh_token)
    assert pair.keys() == {"access_token", "refresh_token", "expires_in"} and pair["expires_in"] == "90000"
    again = zalo.refresh(first.refresh_token)
    assert "access_token" not in again and again["error"] == -14014
    assert zalo.text(NAM, "cũ")["error"] == -220  # the replaced access token stops at once
    zalo.access = pair["access_token"]
    assert zalo.text(NAM, "mới")["error"] == 0
    assert zalo.refresh(pair["refresh_token"])["refresh_token"] != pair["refresh_token"]


@pytest.mark.parametrize(
    ("access", "code"), [("", -216), ("wrong", -216)]
)  # fmt: skip
def test_a_wrong_access_token(zalo, access, code):
    zalo.access = access
    assert zalo.text(NAM, "x")["error"] == code


def test_tokens_grow_old_by_the_clock_of_the_sandbox(zalo, people, nam):
    people.advance("+26h")
    answer = zalo.text(NAM, "x")
    assert answer["error"] == -216 and "expired" in answer["message"]
    people.advance("+90d")
    assert zalo.refresh(zalo.owner.refresh_token)["error"] == -14012


@pytest.mark.parametrize("what", ["secret", "app", "grant"])
def test_a_refused_renewal_has_status_200(zalo, what):
    form = {"grant_type": "refresh_token", "refresh_token": zalo.owner.refresh_token}
    answers = {
        "secret": lambda: zalo.oauth("wrong", **form),
        "app": lambda: zalo.oauth(**form, app_id="1"),
        "grant": lambda: zalo.oauth(grant_type="password"),
    }
    answer = answers[what]()
    assert answer["error"] < 0 and {"error_name", "error_reason", "error_description", "ref_doc"} <= answer.keys()
    assert "access_token" in zalo.oauth(**form)  # nothing was spent


def test_consent_with_pkce(zalo, address):
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert tokens.challenge_of(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    query = {
        "app_id": zalo.owner.app_id,
        "redirect_uri": "http://127.0.0.1:1/back",
        "code_challenge": tokens.challenge_of(verifier),
        "state": "xyz",
    }
    page = requests.get(f"{address}{OAUTH}/v4/oa/permission", params=query, timeout=5)
    assert "Cho phép" in page.text
    agreed = requests.get(
        f"{address}{OAUTH}/v4/oa/permission", params={**query, "agreed": "1"}, timeout=5, allow_redirects=False
    )
    back = requests.models.PreparedRequest()
    back.prepare_url(agreed.headers["Location"], None)
    values = dict(part.split("=", 1) for part in back.url.partition("?")[2].split("&"))
    assert values["oa_id"] == zalo.owner.oa_id and values["state"] == "xyz"
    form = {"grant_type": "authorization_code", "code": values["code"]}
    assert zalo.oauth(**form, code_verifier="wrong")["error"] == -14010
    pair = zalo.oauth(**form, code_verifier=verifier)
    assert "access_token" in pair and "access_token" not in zalo.oauth(**form, code_verifier=verifier)


def test_proof_of_the_secret(zalo, people, nam):
    assert zalo.post("v2.0/oa/message", {}, headers={"appsecret_proof": "wrong"}).json()["error"] == -242
    people.zalo("limits", proof=True)
    assert zalo.ask("v2.0/oa/getoa")["error"] == -242


# --- messages ------------------------------------------------------------------------------------------------------


def test_a_text_is_seen_on_the_phone(zalo, people, nam):
    answer = zalo.text(NAM, "Đã nhận phản ánh.")
    assert answer["error"] == 0 and answer["data"]["user_id"] == NAM
    assert answer["data"]["quota"]["quota_type"] == "reply"
    seen = nam.hears("Đã nhận phản ánh.")
    assert seen["msg_id"] == answer["data"]["message_id"]
    quoted = zalo.message(NAM, {"text": "nhắc lại", "quote_message_id": seen["msg_id"]})
    assert quoted["error"] == 0 and nam.hears("nhắc lại")["reply_to"]["text"] == "Đã nhận phản ánh."


LONG = "đ" * 2001
REFUSED = {
    "too long": ({"text": LONG}, -210),
    "empty": ({}, -201),
    "unknown quote": ({"text": "x", "quote_message_id": "nobody"}, -201),
    "six buttons": ({"text": "x", "attachment": buttons(*[SHOW] * 6)}, -210),
    "no text beside buttons": ({"attachment": buttons(SHOW)}, -201),
    "long title": ({"text": "x", "attachment": buttons({**SHOW, "title": "t" * 101})}, -210),
    "long payload": ({"text": "x", "attachment": buttons({**SHOW, "payload": "p" * 1001})}, -210),
    "unknown button": ({"text": "x", "attachment": buttons({**SHOW, "type": "oa.query"})}, -201),
    "bad url": ({"text": "x", "attachment": buttons({**SHOW, "type": "oa.open.url", "payload": {"url": "x"}})}, -201),
    "list": ({"text": "x", "attachment": buttons(SHOW, template_type="list")}, -233),
    "video": ({"text": "x", "attachment": {"type": "video", "payload": {}}}, -233),
    "unknown image": (
        {"attachment": {"type": "template", "payload": {"template_type": "media",
            "elements": [{"media_type": "image", "attachment_id": "gone"}]}}}, -100),
    "two elements": (
        {"attachment": {"type": "template", "payload": {"template_type": "media", "elements": [{}, {}]}}}, -201),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_refused(zalo, nam, what):
    message, code = REFUSED[what]
    answer = zalo.post("v3.0/oa/message/cs", {"recipient": {"user_id": NAM}, "message": message})
    assert answer.status_code == 200 and answer.json()["error"] == code


def test_exactly_two_thousand_letters_go(zalo, nam):
    assert zalo.text(NAM, "đ" * 2000)["error"] == 0


def test_buttons(zalo, people, nam):
    links = {"title": "Xem", "type": "oa.open.url", "payload": {"url": "https://example.gov.vn"}}
    call = {"title": "Gọi", "type": "oa.open.phone", "payload": {"phone_code": "84123456789"}}
    assert zalo.message(NAM, {"text": "Chọn:", "attachment": buttons(SHOW, links, call)})["error"] == 0
    rows = nam.hears("Chọn:")["buttons"]
    assert [row[0]["text"] for row in rows] == ["Đèn đường", "Xem", "Gọi"]
    people.zalo("limits", buttons=False)
    assert zalo.message(NAM, {"text": "Chọn:", "attachment": buttons(SHOW)})["error"] == -233


@pytest.mark.parametrize(
    ("kind", "name", "data", "code"),
    [
        ("image", "a.jpg", picture(), 0),
        ("image", "a.png", picture("PNG"), 0),
        ("image", "a.webp", picture("WEBP"), -201),
        ("image", "a.jpg", b"no picture", -201),
        ("image", "a.jpg", b"\xff" * (1024 * 1024 + 1), -210),
        ("gif", "a.gif", picture("GIF"), 0),
        ("gif", "a.gif", picture(), -201),
        ("file", "a.pdf", b"%PDF-1.7 ...", 0),
        ("file", "a.pdf", b"MZ", -201),
        ("file", "a.exe", b"MZ", -201),
        ("file", "a.csv", b"," * (5 * 1024 * 1024 + 1), -210),
    ],
)
def test_uploads(zalo, kind, name, data, code):
    assert zalo.upload(kind, name, data, "application/octet-stream")["error"] == code


def test_an_upload_is_sent_until_it_is_too_old(zalo, people, nam):
    image = zalo.upload("image", "a.jpg", picture(), "image/jpeg")["data"]["attachment_id"]
    element = {"media_type": "image", "attachment_id": image}
    message = {"text": "Ảnh", "attachment": {"type": "template", "payload": {"template_type": "media",
        "elements": [element]}}}  # fmt: skip
    assert zalo.message(NAM, message)["error"] == 0
    shown = nam.hears("Ảnh")["media"]
    assert shown["kind"] == "photo" and people.media(shown["url"]) == picture()
    token = zalo.upload("file", "don.pdf", b"%PDF-1.7", "application/pdf")["data"]["token"]
    assert zalo.message(NAM, {"attachment": {"type": "file", "payload": {"token": token}}})["error"] == 0
    people.advance("+8d")
    zalo.access = zalo.refresh(zalo.owner.refresh_token)["access_token"]
    nam.says("còn đây")
    assert zalo.message(NAM, message)["error"] == -100


def test_asking_for_contact_details(zalo, people, nam):
    element = {"title": "Liên hệ", "subtitle": "Để phản hồi", "image_url": "https://example.gov.vn/a.png"}
    request = {"type": "template", "payload": {"template_type": "request_user_info", "elements": [element]}}
    assert zalo.message(NAM, {"attachment": request})["error"] == 0
    assert people.look().from_bot(NAM)[-1]["request"] == {"title": "Liên hệ", "subtitle": "Để phản hồi"}
    nam.act("give_info")
    assert zalo.ask("v3.0/oa/user/detail", user_id=NAM)["data"]["shared_info"]["name"] == "Phan Văn Nam"


def test_calls_that_are_no_more(zalo, people, nam):
    assert zalo.message(NAM, {"text": "x"}, "v2.0/oa/message")["error"] == -240
    assert zalo.message(NAM, {"text": "x"}, "v3.0/oa/message/transaction")["error"] == -209
    assert zalo.message(NAM, {"text": "x"}, "v3.0/oa/message/promotion")["error"] in (-209, -234)
    assert zalo.post("v3.0/oa/message/template", {"user_id": NAM, "template_id": "1"}).json()["error"] == -249
    assert zalo.get("v3.0/oa/nothing")["error"] == -209


# --- windows and quotas --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "code", "quota"),
    [("+47h", 0, "reply"), ("+49h", 0, "sub_quota"), ("+167h", 0, "sub_quota"), ("+169h", -230, None)],
)
def test_windows(zalo, people, nam, step, code, quota):
    people.zalo("limits", access_seconds=10**7)
    zalo.access = zalo.refresh(zalo.owner.refresh_token)["access_token"]
    people.advance(step)
    answer = zalo.text(NAM, "x")
    assert answer["error"] == code
    assert answer.get("data", {}).get("quota", {}).get("quota_type") == quota
    assert people.zalo()["account"]["quota"]["count"] == (quota == "sub_quota")
    nam.says("tôi đây")
    assert zalo.text(NAM, "x")["data"]["quota"]["quota_type"] == "reply"


def test_who_may_not_be_written_to(zalo, people, nam):
    assert zalo.text(CUC, "x")["error"] == -213
    assert zalo.text("246845883529197922", "x")["error"] == -201
    assert zalo.text(AN, "x")["error"] == -232  # follows, but never said a word
    for act, code in (("block", -244), ("unblock", 0), ("sleep", -227), ("wake", 0), ("unfollow", -213)):
        nam.act(act)
        assert zalo.text(NAM, "x")["error"] == code


def test_quotas_run_out(zalo, people, nam):
    people.zalo("limits", free_replies=1, quota_month=1)
    assert [zalo.text(NAM, "x")["error"] for _ in range(2)] == [0, -311]
    people.zalo("limits", free_hours=0)
    assert [zalo.text(NAM, "x")["error"] for _ in range(2)] == [0, -211]


def test_rates(zalo, people, nam):
    people.zalo("limits", per_minute=2)
    answers = (zalo.post("v3.0/oa/quota/message", {"user_id": NAM}) for _ in range(8))  # a new minute may begin
    [refused, *_] = [answer for answer in answers if answer.json()["error"] == -32]
    assert (refused.headers["X-RateLimit-Limit"], refused.headers["X-RateLimit-Remain"]) == ("2", "0")


# --- people, groups ------------------------------------------------------------------------------------------------


def test_people_and_account(zalo, people, nam):
    nam.says("chào")
    found = zalo.ask("v3.0/oa/user/detail", user_id=NAM)["data"]
    assert found["display_name"] == "Phan Văn Nam" and found["user_is_follower"] and found["shared_info"] == {}
    assert {"user_id": NAM} in zalo.ask("v3.0/oa/user/getlist", offset=0, count=10)["data"]["users"]
    assert zalo.ask("v3.0/oa/user/getlist", offset=0, count=51)["error"] == -210
    assert zalo.get("v2.0/oa/getoa")["data"]["oaid"] == zalo.owner.oa_id
    zalo.text(NAM, "chào anh")
    told = zalo.ask("v2.0/oa/conversation", user_id=NAM, count=10)["data"]
    assert [(one["src"], one["message"]) for one in told] == [(0, "chào anh"), (1, "chào")]
    assert zalo.ask("v2.0/oa/listrecentchat", count=11)["error"] == -210
    zalo.post("v2.0/oa/tag/tagfollower", {"user_id": NAM, "tag_name": "tổ 3"})
    assert zalo.ask("v2.0/oa/tag/gettagsofoa")["data"] == ["tổ 3"]


def test_a_group_is_made_with_an_asset(zalo, people):
    assets = zalo.post("v3.0/oa/quota/group", {"quota_owner": "OA", "product_type": "gmf50"}).json()["data"]
    free = next(one["asset_id"] for one in assets if one["status"] == "available")
    assert free == zalo.owner.gmf_asset_id
    wish = {"group_name": "Sở Y tế", "group_description": "", "asset_id": free, "member_user_ids": [BINH]}
    assert zalo.post("v3.0/oa/group/creategroupwithoa", wish).json()["error"] == -201  # nobody of the OA among them
    wish["member_user_ids"] = [BINH, AN]
    made = zalo.post("v3.0/oa/group/creategroupwithoa", wish).json()["data"]
    assert made["total_member"] == 3
    assert zalo.post("v3.0/oa/group/creategroupwithoa", wish).json()["error"] == -238
    group = made["group_id"]
    invited = zalo.post("v3.0/oa/group/invite", {"group_id": group, "member_user_ids": [NAM]}).json()
    assert invited["error"] == 0
    listed = zalo.get("v3.0/oa/group/listmember", group_id=group, offset=0, count=10)["data"]["members"]
    assert {one.get("user_id") for one in listed} == {None, AN, BINH, NAM}
    assert zalo.in_group(group, {"text": "Chào cả nhà"})["data"]["group_id"] == group
    assert people.as_person(group, AN).hears("Chào cả nhà")
    assert zalo.get("v3.0/oa/group/getgroupsofoa", offset=0, count=5)["data"]["total"] == 3
    people.advance("+46d")
    zalo.access = zalo.refresh(zalo.owner.refresh_token)["access_token"]
    assert zalo.in_group(group, {"text": "x"})["error"] == -237
    assert zalo.in_group(THUAN_HOA, {"text": "x"})["error"] == 0  # renews itself
    people.zalo("assets")
    renewed = next(
        one["asset_id"]
        for one in zalo.post("v3.0/oa/quota/group", {}).json()["data"]
        if one["status"] == "available" and one["asset_id"] != free
    )
    zalo.post("v3.0/oa/group/updateasset", {"group_id": group, "asset_id": renewed})
    assert zalo.in_group(group, {"text": "x"})["error"] == 0


def test_members_come_and_go(zalo, people):
    def change(call, person):
        return zalo.post(f"v3.0/oa/group/{call}", {"group_id": THUAN_HOA, "member_user_ids": [person]}).json()["error"]

    assert [change("invite", NAM), change("invite", NAM)] == [0, -201]
    assert [change("addadmins", NAM), change("removeadmins", NAM), change("removemembers", NAM)] == [0, 0, 0]
    assert change("acceptpendinginvite", NAM) == -201  # nobody waits
    with pytest.raises(SandboxError, match="not a member"):
        people.as_person(THUAN_HOA, NAM).says("còn nghe không?")
    zalo.post("v3.0/oa/group/updateinfo", {"group_id": THUAN_HOA, "group_name": "Phường Thuận Hóa"})
    assert zalo.get("v3.0/oa/group/getgroup", group_id=THUAN_HOA)["data"]["name"] == "Phường Thuận Hóa"
    people.as_person(THUAN_HOA, AN).says("Chào")
    told = zalo.get("v3.0/oa/group/conversation", group_id=THUAN_HOA, count=1)["data"]
    assert [(one["src"], one["message"], one["from_id"]) for one in told] == [(1, "Chào", AN)]
    assert zalo.get("v3.0/oa/group/listrecentchat", count=5)["data"] == told
    assert zalo.post("v3.0/oa/group/delete", {"group_id": THUAN_HOA}).json()["error"] == 0
    assert zalo.get("v3.0/oa/group/getgroup", group_id=THUAN_HOA)["error"] == -403


@pytest.mark.parametrize(
    ("message", "code"),
    [({"text": "x", "attachment": buttons(SHOW)}, -233), ({"text": LONG}, -210), ({}, -201)],
)
def test_what_groups_do_not_take(zalo, message, code):
    assert zalo.in_group(THUAN_HOA, message)["error"] == code
    assert zalo.in_group("ffff", {"text": "x"})["error"] == -403


def test_a_group_that_is_gone(zalo, people):
    people.act("disable_group", chat=THUAN_HOA)
    assert zalo.in_group(THUAN_HOA, {"text": "x"})["error"] == -237
    people.act("disperse", chat=THUAN_HOA)
    assert zalo.in_group(THUAN_HOA, {"text": "x"})["error"] == -403


# --- faults --------------------------------------------------------------------------------------------------------


def test_faults_of_calls(zalo, people, nam):
    people.fault("429", method="zalo:message/cs", count=1)
    assert zalo.text(NAM, "x")["error"] == -32
    people.fault("code", method="zalo:message/cs", value=-248, count=1)
    assert zalo.text(NAM, "x")["error"] == -248
    people.fault("500", method="zalo:*", count=1)
    assert zalo.post("v2.0/oa/message", {}).status_code == 500
    people.fault("html", method="zalo:message/cs", count=1)
    answer = zalo.post("v3.0/oa/message/cs", {})
    assert answer.status_code == 200 and "<html>" in answer.text
    people.fault("drop", method="zalo:message/cs", count=1, after=True)
    with pytest.raises(requests.ConnectionError):
        zalo.text(NAM, "kept all the same")
    assert nam.hears("kept all the same")
    people.fault("500", method="sendMessage")
    assert zalo.text(NAM, "Telegram's faults are Telegram's")["error"] == 0


def test_a_lost_answer_to_a_renewal_leaves_a_spent_token(zalo, people):
    people.fault("drop", method="zalo:oauth", count=1, after=True)
    with pytest.raises(requests.ConnectionError):
        zalo.refresh(zalo.owner.refresh_token)
    assert zalo.refresh(zalo.owner.refresh_token)["error"] == -14014


def test_a_revoked_permission(zalo, people, nam):
    people.zalo("tokens", do="revoke")
    assert zalo.text(NAM, "x")["error"] == -220
    assert "access_token" not in zalo.refresh(zalo.owner.refresh_token)
    zalo.access = people.zalo("tokens", do="pair")["access_token"]
    assert zalo.text(NAM, "x")["error"] == 0


def test_bodies_that_are_no_json(zalo, address):
    headers = {"access_token": zalo.access}
    for body in (b"{", b"[]", b'"x"', b'{"a": "\\ud800"}'):
        answer = requests.post(
            f"{address}{API}/v3.0/oa/message/cs",
            data=body,
            headers={**headers, "Content-Type": "application/json"},
            timeout=5,
        )
        assert answer.json()["error"] == -201
    assert zalo.get("v3.0/oa/user/detail", data="{")["error"] == -201


def test_templates_by_phone_are_refused_as_on_their_host(zalo, address):
    def by_phone(access):
        return requests.post(
            f"{address}{BUSINESS}/message/template", json={}, headers={"access_token": access}, timeout=5
        )

    assert by_phone("wrong").json()["error"] == -124
    assert by_phone(zalo.access).json()["error"] == -1123


def test_samples_that_people_send_lose_their_metadata(zalo, people, nam):
    nam.sends_photo("pothole-gps")
    seen = people.media(people.look().in_chat(NAM)[-1]["media"]["url"])
    assert seen != samples.upload("pothole-gps").data
    assert not Image.open(io.BytesIO(seen)).getexif()
