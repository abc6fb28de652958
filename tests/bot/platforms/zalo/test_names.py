"""Our client beside PyPI zalo-sdk: the same names and parameters, and the same requests for the same calls."""

import enum
import inspect
import json
import re
from urllib.parse import urlsplit

import pytest
import requests
import zalo_sdk
import zalo_sdk.oa
import zalo_sdk.zns
from requests.adapters import HTTPAdapter

import bot.platforms.zalo.client as ours
from bot.platforms.zalo.client import oa, zns

CLASSES = [
    (zalo_sdk.BaseClient, ours.BaseClient),
    (zalo_sdk.oa.Client, oa.Client),
    (zalo_sdk.zns.Client, zns.Client),
    (zalo_sdk.zns.ZNSTemplateStatus, zns.ZNSTemplateStatus),
    *((getattr(zalo_sdk, name), getattr(ours, name)) for name in dir(zalo_sdk) if name.endswith("Exception")
      and inspect.isclass(getattr(zalo_sdk, name))),
    *((getattr(zalo_sdk.oa, name), getattr(oa, name)) for name in dir(zalo_sdk.oa) if name.startswith("Zalo")
      and inspect.isclass(getattr(zalo_sdk.oa, name))),
]  # fmt: skip


def members():
    for theirs, mine in CLASSES:
        if issubclass(theirs, enum.Enum):
            continue  # compared member by member below
        for name, value in inspect.getmembers(theirs):
            if not name.startswith("_") or (name == "__init__" and inspect.isfunction(value)):
                yield pytest.param(theirs, mine, name, id=f"{theirs.__module__}.{theirs.__name__}.{name}")


def test_the_list_of_classes_is_whole():
    names = {theirs.__name__ for theirs, _ in CLASSES}
    assert {"BaseClient", "Client", "ZaloException", "ZaloOAException", "ZaloOAAuthTokenExpiredException"} <= names
    assert {"ZaloMessage", "ZaloMessageBody", "ZaloRecipient", "ZaloAttachment", "ZaloAction"} <= names
    assert {"ZaloAttachmentTemplate", "ZaloTemplateElement", "ZaloAttachmentFile", "ZaloPayloadType"} <= names


@pytest.mark.parametrize(("theirs", "mine", "name"), members())
def test_every_public_name_is_there_and_is_called_alike(theirs, mine, name):
    known, made = getattr(theirs, name), getattr(mine, name)
    if not inspect.isfunction(known):
        assert isinstance(made, property) == isinstance(known, property)
        return
    for before, now in zip(parameters(known), parameters(made), strict=True):
        assert (now.name, now.kind) == (before.name, before.kind)
        # What could be changed for everybody by one caller is nothing here, and filled in inside.
        assert now.default == (None if before.default == {} else before.default)


def parameters(function):
    return list(inspect.signature(function).parameters.values())


def test_families_are_the_same():
    assert issubclass(ours.ZaloOAException, ours.ZaloException)
    assert issubclass(ours.ZaloOAAuthTokenExpiredException, ours.ZaloOAException)
    assert issubclass(oa.Client, ours.BaseClient)
    assert issubclass(zns.Client, ours.BaseClient)


@pytest.mark.parametrize(("theirs", "mine"), [pair for pair in CLASSES if issubclass(pair[0], enum.Enum)])
def test_every_member_is_there(theirs, mine):
    assert {one.name: one.value for one in theirs} == {one.name: one.value for one in mine}


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("Client", ("app-1", "secret-1")),
        ("ZaloMessage", ()),
        ("ZaloMessageBody", ("x",)),
        ("ZaloRecipient", ()),
        ("ZaloAttachment", ("file",)),
        ("ZaloAttachmentTemplate", (None, [], [])),
        ("ZaloTemplateElement", ()),
        ("ZaloAttachmentFile", ("t1",)),
        ("ZaloAction", ("/-heart", "m7")),
    ],
)
def test_what_can_be_read_of_an_object_can_be_read_of_ours(name, arguments):
    theirs, mine = (getattr(module, name)(*arguments) for module in (zalo_sdk.oa, oa))
    public = [attribute for attribute in vars(theirs) if not attribute.startswith("_")]
    assert [attribute for attribute in public if not hasattr(mine, attribute)] == []


def test_every_number_in_words_has_words_here():
    known = zalo_sdk.ZaloOAException.ERROR_CODE_TO_STR
    assert known.keys() <= ours.ZaloOAException.ERROR_CODE_TO_STR.keys()
    assert ours.ZaloOAException(-9999).errCodeToStr() == zalo_sdk.ZaloOAException(-9999).errCodeToStr()


def test_misspelt_names_have_well_spelt_ones_beside_them():
    base = ours.BaseClient
    assert base.refresh_access_token is base.refresh_acccess_token
    assert base.request_authorization_code_url is base.request_authoriation_code_url


# The same calls, the same requests.


class ToLocal(HTTPAdapter):
    """Takes every request to the local server and writes down for whom it was meant."""

    def __init__(self, url):
        super().__init__()
        self._url = url

    def send(self, request, **options):
        parts = urlsplit(request.url)
        request.headers["X-Meant-For"] = f"{parts.scheme}://{parts.netloc}"
        request.url = self._url + request.url.removeprefix(f"{parts.scheme}://{parts.netloc}")
        return super().send(request, **options)


@pytest.fixture
def everything_local(local, monkeypatch):
    """Both packages believe that they talk to Zalo: one of the hosts is written into the model."""
    plain = requests.Session.__init__

    def mounted(session):
        plain(session)
        session.mount("https://", ToLocal(local.url))

    monkeypatch.setattr(requests.Session, "__init__", mounted)
    return local


def clients(kind):
    modules = {"oa": (zalo_sdk.oa, oa), "zns": (zalo_sdk.zns, zns)}[kind]
    return [(module, module.Client("app-1", "secret-1", "access-1", "refresh-1")) for module in modules]


OA_CALLS = {
    "text": lambda m, c: c.send_message(m.ZaloRecipient(user_id="u1"), m.ZaloMessageBody(text="Đã nhận")),
    "quote": lambda m, c: c.send_message(
        m.ZaloRecipient(user_id="u1"), m.ZaloMessageBody("Đã nhận", quote_message_id="m7")
    ),
    "to a message": lambda m, c: c.send_message(m.ZaloRecipient("m9", "u1", {"a": 1}), m.ZaloMessageBody("x")),
    "broadcast": lambda m, c: c.send_message(
        m.ZaloRecipient(target={"cities": [4]}), m.ZaloMessageBody("x"), category="media"
    ),
    "transaction": lambda m, c: c.send_message(
        m.ZaloRecipient(user_id="u1"), m.ZaloMessageBody("x"), category="transaction"
    ),
    "reaction": lambda m, c: c.send_message(
        m.ZaloRecipient(user_id="u1"), action=m.ZaloAction("/-heart", "m7"), category="action"
    ),
    "attachment": lambda m, c: c.send_message(
        m.ZaloRecipient(user_id="u1"), m.ZaloMessageBody(attachment=m.ZaloAttachment("file", {"token": "t1"}))
    ),
    "element": lambda m, c: c.send_message(
        m.ZaloRecipient(user_id="u1"),
        m.ZaloMessageBody(
            "Xem",
            m.ZaloAttachment(
                "template",
                {"elements": [m.ZaloTemplateElement(media_type="image", url="https://a.vn/b.jpg").toDict()]},
            ),
        ),
    ),
    "file token": lambda m, c: c.send_message(m.ZaloRecipient(user_id="u1"), m.ZaloAttachmentFile("t1")),
    "upload": lambda m, c: c.upload_file(b"%PDF-1", "file", "a.pdf", "application/pdf"),
    "upload image": lambda m, c: c.upload_file(b"\xff\xd8", file_type="image", file_name="a.jpg"),
    "user": lambda m, c: c.get_user_detail("2468458835"),
    "list": lambda m, c: c.get_list({"offset": 0, "count": 5, "tag_name": "Đèn"}),
    "profile": lambda m, c: c.get_profile("2468458835"),
    "followers": lambda m, c: c.get_followers({"offset": 0, "count": 5}),
    "free replies": lambda m, c: c.get_free_response_quota("m7"),
    "oa quota": lambda m, c: c.get_zalo_oa_quotas("OA", "cs", "sub_quota"),
    "oa quota, plain": lambda m, c: c.get_zalo_oa_quotas("App"),
    "user quota": lambda m, c: c.get_zalo_user_quotas("u1"),
    "tag": lambda m, c: c.tag_follower("u1", "cán bộ"),
    "untag": lambda m, c: c.rm_follower_from_tag("u1", "cán bộ"),
    "tags": lambda m, c: c.get_tags_of_oa(),
    "drop tag": lambda m, c: c.rm_tag("cán bộ"),
    "code": lambda m, c: c.get_access_token_from_authorization_code("code-1", "verifier-1"),
    "refresh": lambda m, c: c.refresh_acccess_token(),
    "by hand": lambda m, c: c.send_request(
        "GET", "https://openapi.zalo.me/v2.0/oa/getoa", headers=c.create_request_header("GET", {"X-More": "1"})
    ).json(),
    "by hand, both": lambda m, c: c.send_request(
        "GET", "https://openapi.zalo.me/x", {"a": "ơ"}, {"b": 2}, c.create_request_header("GET")
    ).json(),
    "post by hand": lambda m, c: c.send_request(
        "POST", "https://openapi.zalo.me/x", headers=c.create_request_header("POST", {"X-More": "1"})
    ).json(),
}
ZNS_CALLS = {
    "templates": lambda m, c: c.get_template_list(0, 10),
    "some templates": lambda m, c: c.get_template_list(0, 10, m.ZNSTemplateStatus.Reject),
    "send": lambda m, c: c.send_zns_message("84901234567", "t1", {"code": "PA-7K3M-9QXC"}),
    "try": lambda m, c: c.send_zns_message("84901234567", "t1", {"code": "1"}, "track-1", True),
}
CALLS = [
    *(pytest.param("oa", call, id=name) for name, call in OA_CALLS.items()),
    *(pytest.param("zns", call, id=f"zns {name}") for name, call in ZNS_CALLS.items()),
]


@pytest.mark.parametrize(("kind", "call"), CALLS)
def test_the_same_call_sends_the_same_request_and_returns_the_same(everything_local, kind, call):
    outcomes = []
    for module, client in clients(kind):
        everything_local.number = 1
        result = call(module, client)
        outcomes.append((_without_time(result), _told(everything_local.heard[-1])))
        if hasattr(client, "close"):
            client.close()
    theirs, mine = outcomes
    assert len(everything_local.heard) == 2
    assert mine == theirs


def _told(heard):
    """What counts of a request; where parts of an upload are parted is chance."""
    said = {name: value for name, value in heard.headers.items() if name not in {"host", "content-length"}}
    boundary = re.search("boundary=(\\w+)", said.get("content-type", ""))
    body = heard.body.replace(boundary[1].encode(), b"~") if boundary else heard.body
    said["content-type"] = re.sub("boundary=\\w+", "boundary=~", said.get("content-type", ""))
    return heard.method, heard.path, heard.query, said, body


def _without_time(result):
    """A pair's end depends on the second in which it was asked for."""
    return result[:2] if isinstance(result, tuple) else result


# Where the model errs, ours does not.


def test_a_list_of_buttons_is_said_only_when_there_is_one():
    element = {"media_type": "image", "url": "https://a.vn/b.jpg"}
    theirs = zalo_sdk.oa.ZaloAttachmentTemplate(
        zalo_sdk.oa.ZaloTemplateType.media, [zalo_sdk.oa.ZaloTemplateElement(**element)], []
    ).toDict()
    mine = oa.ZaloAttachmentTemplate(oa.ZaloTemplateType.media, [oa.ZaloTemplateElement(**element)], []).toDict()
    assert theirs == mine | {"buttons": []}


def test_buttons_are_themselves_and_not_the_last_element(capsys):
    form = oa.ZaloAttachmentTemplate(
        oa.ZaloTemplateType.list,
        [oa.ZaloTemplateElement(title="Đèn đường")],
        [oa.ZaloButton("Có", "oa.query.hide", "#yes"), {"title": "Không", "type": "oa.query.hide", "payload": "#no"}],
    ).toDict()
    assert [button["payload"] for button in form["buttons"]] == ["#yes", "#no"]
    assert capsys.readouterr().out == ""


def test_default_arguments_are_nobody_elses():
    first = oa.ZaloAttachment("file")
    first.payload["token"] = "t1"
    assert oa.ZaloAttachment("file").payload == {}


def test_an_upload_carries_no_json(everything_local):
    for _, client in clients("oa"):
        client.upload_file(b"x", "image", "a.jpg", "image/jpeg")
    assert [b"{}" in one.body for one in everything_local.heard] == [False, False]


def test_files_beside_a_message_are_sent_as_what_they_are(everything_local):
    for module, client in clients("oa"):
        client.send_message(module.ZaloRecipient(user_id="u1"), files={"file": ("a.txt", b"x", "text/plain")})
    theirs, mine = everything_local.heard
    assert theirs.headers["content-type"] == "application/json"  # over a body that is none
    assert mine.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert _told(mine)[-1].startswith(b"--")


def test_the_end_of_a_pair_is_an_instant(everything_local):
    _, mine = clients("oa")[1]
    _, _, end = mine.refresh_access_token()
    assert not mine.isAccessTokenExpired()
    late = oa.Client("app-1", "secret-1", "access-1", "refresh-1", expire_at=end, now=lambda: end + 1)
    assert late.isAccessTokenExpired()
    mine.close()


def test_requests_are_json_as_the_model_writes_it(everything_local):
    (_, theirs), (_, mine) = clients("oa")
    for client in (theirs, mine):
        client.get_list({"tag_name": "Đèn"})
    assert json.loads(dict(everything_local.heard[0].query)["data"]) == {"tag_name": "Đèn"}
    assert everything_local.heard[0].query == everything_local.heard[1].query
    mine.close()
