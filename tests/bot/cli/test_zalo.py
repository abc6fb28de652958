"""`zalo` and `agencies group`: access granted, kept and lost; groups made, linked and about to lapse."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from bot import settings as all_settings
from bot.platforms.zalo.consent import challenge_of
from bot.web import create_app
from bot.wiring import build
from tests.bot.cli.conftest import report
from tests.bot.platforms.zalo.local import SUCCESS, Local, Reply
from tests.world import MONDAY

OA = "388613280878808645"
SECRETS = ("access-1", "access-2", "refresh-1", "refresh-2", "app-secret-1", "verifier-1", "code-1")
NOW = MONDAY


class FarEnd(Local):
    """Local, with an account and groups of it."""

    def __init__(self):
        super().__init__()
        self.account = {"oaid": OA, "name": "Phản ánh Huế", "is_verified": True, "num_follower": 7}
        self.groups = {}
        self.assets = [self.asset("asset-1", 90)]
        self.checks_tokens = True

    def asset(self, name, days, **more):
        day = (NOW + timedelta(days=days)).strftime("%d/%m/%Y")
        return {
            "asset_id": name,
            "valid_through": day,
            "auto_renew": False,
            "status": "available",
            "used_id": "",
        } | more

    def call(self, heard):
        refused = super().call(heard)
        if refused.body["error"]:
            return refused
        data = getattr(self, heard.path.rpartition("/")[2], lambda heard: {})(heard)
        return data if isinstance(data, Reply) else Reply({**SUCCESS, "data": data})

    def getoa(self, _heard):
        return self.account

    def group(self, _heard):
        return self.assets

    def creategroupwithoa(self, heard):
        wanted = heard.json
        if "admin" not in wanted["member_user_ids"]:
            return Reply({"error": -201, "message": "no admin"})
        made = f"group-{len(self.groups) + 1}"
        self.groups[made] = {"name": wanted["group_name"], "members": ["oa", *wanted["member_user_ids"]]}
        next(one for one in self.assets if one["asset_id"] == wanted["asset_id"])["used_id"] = made
        return {"group_id": made, "group_link": f"https://zalo.example/g/{made}"}

    def getgroupsofoa(self, heard):
        offset, count = (int(dict(heard.query)[name]) for name in ("offset", "count"))
        rows = [
            {"group_id": name, "name": one["name"], "total_member": len(one["members"]), "status": "enabled"}
            for name, one in self.groups.items()
        ]
        return {"groups": rows[offset : offset + count], "total": len(rows)}

    def getgroup(self, heard):
        return {} if dict(heard.query)["group_id"] in self.groups else Reply({"error": -403, "message": "not there"})

    def listmember(self, heard):
        people = self.groups[dict(heard.query)["group_id"]]["members"]
        return {
            "members": [{"oa_id": OA} if one == "oa" else {"user_id": one, "name": f"Cán bộ {one}"} for one in people]
        }


@pytest.fixture
def far():
    far = FarEnd()
    yield far
    far.stop()


@pytest.fixture
def office(ready, far):
    """A shell whose settings name the account, without a first pair."""
    ready.environ |= {
        "BOT_ZALO_OA__APP_ID": "100200300",
        "BOT_ZALO_OA__OA_ID": OA,
        "BOT_ZALO_OA__APP_SECRET": "app-secret-1",
        "BOT_ZALO_OA__OA_SECRET_KEY": "oa-secret-key-1",
        "BOT_ZALO_OA__API_URL": far.url,
        "BOT_ZALO_OA__OAUTH_URL": far.url,
        "BOT_WEB__PUBLIC_URL": "https://bot.example.vn",
    }
    return ready


@pytest.fixture
def granted(office):
    """The same, with the first pair among the settings."""
    office.environ |= {"BOT_ZALO_OA__ACCESS_TOKEN": "access-1", "BOT_ZALO_OA__REFRESH_TOKEN": "refresh-1"}
    return office


def problems(shell, *words, code=0):
    found = shell.json(*words, code=code)
    return {(problem["where"], problem["weight"]): problem["vi"] for problem in found}


# Access.


def test_the_first_pair_of_the_settings_is_enough(granted, far):
    status = granted.json("zalo", "status")
    assert (status["name"], status["is_verified"], status["lost"]) == ("Phản ánh Huế", True, False)
    assert (status["source"], status["renewals"]) == ("settings", 0)
    assert far.renewals == []


def test_a_link_and_its_answer(office, far):
    made = office.json("zalo", "authorize")
    asked = {name: value[0] for name, value in parse_qs(urlsplit(made["link"]).query).items()}
    assert made["link"].startswith(f"{far.url}/v4/oa/permission?")
    assert (asked["app_id"], asked["redirect_uri"]) == ("100200300", "https://bot.example.vn/zalo/callback")
    back = f"https://bot.example.vn/zalo/callback?code=code-1&oa_id={OA}&state={asked['state']}"
    office.run("zalo", "authorize", "--answer", back)
    (exchange,) = far.renewals
    assert exchange.form["code"] == "code-1"
    assert challenge_of(exchange.form["code_verifier"]) == asked["code_challenge"]
    assert office.json("zalo", "status")["source"] == "authorize"
    # The same answer is good once.
    told = office.run("zalo", "authorize", "--answer", back, code=1).stderr
    assert "zalo authorize" in told and len(told.strip().splitlines()) == 2
    assert len(far.renewals) == 1


@pytest.mark.parametrize(
    "answer",
    [
        "https://bot.example.vn/zalo/callback",
        f"https://bot.example.vn/zalo/callback?code=code-1&oa_id={OA}&state=made-up",
        f"https://bot.example.vn/zalo/callback?code=code-1&oa_id={OA}",
        "https://bot.example.vn/zalo/callback?code=code-1&oa_id=1&state=made-up",
    ],
    ids=["no code", "another state", "no state", "another account"],
)
def test_an_answer_that_is_not_ours_is_refused_in_both_languages(office, far, answer):
    office.run("zalo", "authorize")
    told = office.run("zalo", "authorize", "--answer", answer, code=1).stderr
    assert len(told.strip().splitlines()) == 2
    assert "code-1" not in told
    assert far.renewals == []


def test_a_fixed_verifier_goes_with_the_console_s_own_link(office, far):
    office.environ |= {"BOT_ZALO_OA__CODE_VERIFIER": "verifier-1"}
    office.run("zalo", "authorize", "--answer", f"https://bot.example.vn/?code=code-1&oa_id={OA}")
    assert far.renewals[0].form["code_verifier"] == "verifier-1"


def test_without_a_public_address_the_callback_is_named(office):
    office.run("zalo", "authorize", code=1, BOT_WEB__PUBLIC_URL="")
    told = office.json("zalo", "authorize", "--callback", "https://other.example.vn/back", BOT_WEB__PUBLIC_URL="")
    assert told["callback"] == "https://other.example.vn/back"


def test_a_pair_is_pasted_and_never_among_arguments(office, far):
    office.run("zalo", "authorize", "--pair", input="access-1\nrefresh-1\n")
    assert office.json("zalo", "status")["source"] == "authorize"
    assert far.heard[-1].headers["access_token"] == "access-1"
    for wrong in ("access-1\n", "a b\nc\n", ""):
        office.run("zalo", "authorize", "--pair", input=wrong, code=1)
    office.run("zalo", "authorize", "--pair", "--answer", "x", code=2)


def test_it_is_renewed_on_demand(granted, far):
    granted.run("zalo", "refresh")
    assert granted.json("zalo", "refresh")["renewals"] == 2
    assert far.number == 3
    assert granted.json("zalo", "status")["source"] == "renewal"


def test_lost_access_is_said_with_what_to_do(granted, far):
    far.number = 7  # somebody else has used the chain
    told = granted.run("zalo", "refresh", code=1).stderr
    assert "zalo authorize" in told and "-14014" in told
    status = granted.json("zalo", "status", code=1)
    assert status["lost"] and "zalo authorize" in status["trouble"]
    assert ("zalo_oa.access_token", "error") in problems(granted, "zalo", "check", code=1)
    assert ("zalo_oa.access_token", "error") in problems(granted, "check", code=1)


def test_an_account_without_a_pair_says_so(office):
    assert "zalo authorize" in office.run("zalo", "refresh", code=1).stderr
    assert office.run("zalo", "status", code=1)
    assert ("zalo_oa.access_token", "error") in problems(office, "zalo", "check", code=1)


def test_without_zalo_there_is_nothing_to_ask(ready):
    told = ready.run("zalo", "status", code=1, BOT_TELEGRAM__TOKEN="123456:a-token-of-the-tests").stderr
    assert "BOT_ZALO_OA__APP_SECRET" in told
    assert ready.json("zalo", "check", BOT_TELEGRAM__TOKEN="123456:a-token-of-the-tests") == []


def test_a_far_end_that_is_away_or_strange(granted, far):
    far.answers = [Reply(b"<html>", 503)] * 3
    assert "503" in granted.json("zalo", "status")["trouble"]
    assert granted.json("zalo", "status", BOT_ZALO_OA__API_URL="http://127.0.0.1:1")["trouble"]


def test_another_account_or_an_unverified_one(granted, far):
    far.account |= {"oaid": "1", "is_verified": False}
    found = problems(granted, "zalo", "check", code=1)
    assert set(found) == {("zalo_oa.oa_id", "error"), ("zalo_oa", "warning")}


def test_the_callback_page(granted, office, far, tmp_path):
    state = parse_qs(urlsplit(office.json("zalo", "authorize")["link"]).query)["state"][0]
    world = build(all_settings.load(office.environ, tmp_path / "none.yaml"), only_doors=True)
    try:
        client = create_app(world).test_client()
        wrong = client.get("/zalo/callback?code=code-1&state=made-up")
        right = client.get(f"/zalo/callback?code=code-1&state={state}&oa_id={OA}")
        again = client.get(f"/zalo/callback?code=code-1&state={state}&oa_id={OA}")
    finally:
        world.close()
    assert [wrong.status_code, right.status_code, again.status_code] == [400, 200, 400]
    assert right.headers["Cache-Control"] == "no-store" and right.headers["Referrer-Policy"] == "no-referrer"
    assert len(far.renewals) == 1
    assert [secret for secret in SECRETS if secret in wrong.text + right.text] == []


def test_no_command_prints_a_secret(granted, far):
    told = "".join(
        result.output + result.stderr
        for result in (
            granted.run("zalo", "status"),
            granted.run("zalo", "refresh"),
            granted.run("zalo", "authorize"),
            granted.run("zalo", "check"),
            granted.run("zalo", "status", "--json"),
        )
    )
    assert [secret for secret in SECRETS if secret in told] == []


# Groups.


def created(shell, *words, **more):
    return shell.json("agencies", "group", "create", *words, "--member", "admin", "--member", "u1", **more)


def test_a_group_is_made_and_linked_at_once(granted, far):
    made = created(granted, "an-cuu")
    assert (made["group_id"], made["asset"], made["name"]) == ("group-1", "asset-1", "UBND phường An Cựu")
    (agency,) = [row for row in granted.json("agencies", "list") if row["code"] == "an-cuu"]
    assert [(group["platform"], group["status"]) for group in agency["groups"]][-1] == ("zalo", "open")
    staff = granted.json("staff", "pending", "--agency", "an-cuu")
    assert len(staff) == 2  # typed ids make nobody an officer
    members = granted.json("agencies", "group", "members", "an-cuu")
    assert [(one["user_id"], one["status"]) for one in members] == [("admin", "pending"), ("u1", "pending")]
    assert {one["staff"] for one in members} == {row["id"] for row in staff}


def test_what_waits_is_shown_to_the_new_group(granted, world, far):
    report(world)
    created(granted, "an-cuu")
    with world.store.read() as uow:
        chat = uow.chats.find("zalo", "group-1")
    assert chat.linked
    with world.store.engine.connect() as connection:
        kinds = connection.exec_driver_sql(
            "select kind from outbox where chat_id = ? order by id", (chat.id,)
        ).scalars()
        assert list(kinds) == ["send", "card"]  # a greeting, and the case that waited


def test_a_second_group_is_not_made_by_mistake(granted, far):
    created(granted, "an-cuu")
    far.assets.append(far.asset("asset-2", 30))
    told = granted.run("agencies", "group", "create", "an-cuu", "--member", "admin", code=1).stderr
    assert "an-cuu" in told
    assert len(far.groups) == 1


def test_a_dry_run_makes_nothing(granted, far):
    made = created(granted, "an-cuu", "--dry-run", "--name", "Trực ban")
    assert (made["dry_run"], made["name"], made["group_id"]) == (True, "Trực ban", "")
    assert far.groups == {}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("an-cuu",), 2),
        (("--member", "admin"), 2),
        (("an-cuu", "--operators", "--member", "admin"), 2),
        (("no-such", "--member", "admin"), 1),
        (("an-cuu", "--member", "u1"), 1),
    ],
    ids=["nobody", "for whom", "for both", "unknown", "no admin"],
)
def test_what_cannot_be_made_is_said(granted, far, words, code):
    granted.run("agencies", "group", "create", *words, code=code)
    assert far.groups == {}


def test_without_a_free_package_there_is_no_group(granted, far):
    far.assets = [far.asset("asset-1", -3), far.asset("asset-2", 9, used_id="group-9")]
    told = granted.run("agencies", "group", "create", "--operators", "--member", "admin", code=1).stderr
    assert "--asset" in told


def test_a_group_that_was_made_but_not_linked_can_be_linked(granted, far):
    far.groups["group-1"] = {"name": "Trực ban", "members": ["oa", "admin", "u2"]}
    granted.run("agencies", "group", "link", "--operators", "--group", "group-1")
    assert granted.run("agencies", "group", "link", "an-cuu", "--group", "group-1", code=1)
    assert granted.run("agencies", "group", "link", "an-cuu", "--group", "group-2", code=1)
    assert len(granted.json("agencies", "group", "members", "--operators")) == 2


def test_people_are_invited(granted, far):
    created(granted, "an-cuu")
    granted.run("agencies", "group", "invite", "an-cuu", "--member", "u5", "--dry-run")
    assert far.calls("/v3.0/oa/group/invite") == []
    granted.run("agencies", "group", "invite", "an-cuu", "--member", "u5", "--member", "u6")
    (asked,) = far.calls("/v3.0/oa/group/invite")
    assert asked.json == {"group_id": "group-1", "member_user_ids": ["u5", "u6"]}
    assert (
        "agencies group create"
        in granted.run("agencies", "group", "invite", "thuan-hoa", "--member", "u5", code=1).stderr
    )


@pytest.mark.parametrize(
    ("days", "more", "weight"),
    [
        (30, {}, None),
        (12, {}, None),
        (9, {}, "warning"),
        (-2, {}, "warning"),
        (3, {"auto_renew": True}, None),
        (0, {"valid_through": ""}, "warning"),
        (0, {"valid_through": "soon"}, "warning"),
        (0, {"valid_through": str(int((NOW + timedelta(days=4)).timestamp() * 1000))}, "warning"),
        (0, {"valid_through": (NOW + timedelta(days=40)).isoformat()}, None),
    ],
    ids=["30", "12", "9", "over", "renews", "unsaid", "unread", "milliseconds", "iso"],
)
def test_check_says_which_groups_lapse_within_ten_days(granted, far, days, more, weight):
    created(granted, "an-cuu")
    far.assets = [far.asset("asset-1", days, used_id="group-1", **more)]
    found = problems(granted, "zalo", "check")
    assert found.keys() == ({("zalo groups", weight)} if weight else set())
    assert weight is None or "an-cuu" in found[("zalo groups", weight)]
    (row,) = granted.json("agencies", "group", "list")
    assert (row["agency"], row["group_id"]) == ("an-cuu", "group-1")


def test_check_says_which_groups_are_gone(granted, far):
    created(granted, "an-cuu")
    far.groups.clear()
    assert ("zalo groups", "error") in problems(granted, "zalo", "check", code=1)


def test_many_groups_are_read_page_by_page(granted, far):
    for number in range(120):
        far.groups[f"g{number}"] = {"name": f"Nhóm {number}", "members": ["oa"]}
    assert len(granted.json("agencies", "group", "list")) == 120
