"""Settings: typed, the environment above the file, everything that is wrong said at once with its place."""

from datetime import timedelta

import pytest
import yaml

from bot.problems import ProblemsFound
from bot.settings import CONFIG, Settings, load, read

ZALO = {
    "BOT_ZALO_OA__APP_ID": "1234567890123456789",
    "BOT_ZALO_OA__APP_SECRET": "app-secret",
    "BOT_ZALO_OA__OA_SECRET_KEY": "oa-secret",
    "BOT_ZALO_OA__OA_ID": "388613280878808645",
    "BOT_WEB__PUBLIC_URL": "https://bot.example.vn",
}


@pytest.fixture
def config(tmp_path):
    """Writes a config.yaml and gives its path."""

    def write(text):
        path = tmp_path / "config.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def where(environ=None, path=None):
    """The places of all problems."""
    return [problem.where for problem in read(environ or {}, path)[1]]


def test_without_anything_the_sandbox_is_on_and_everything_is_in_the_state_folder(config):
    settings = load({}, config(""))
    assert settings.sandbox_on
    assert settings.database_url.endswith("/var/bot.sqlite3") and settings.database_url.startswith("sqlite:////")
    assert settings.media_url.endswith("/var/media") and settings.redis_url is None


def test_the_shipped_file_says_nothing_but_the_defaults():
    assert load({}, CONFIG) == Settings()


def test_the_shipped_file_shows_every_section_that_has_no_secret():
    shown = yaml.safe_load(CONFIG.read_text(encoding="utf-8"))
    for section in ("province", "limits", "road", "logs", "web"):
        assert set(shown[section]) >= set(type(getattr(Settings(), section)).model_fields) - {"public_url"}


def test_the_environment_goes_before_the_file(config):
    settings = load(
        {"BOT_WEB__PORT": "9001", "BOT_STATE_DIR": "/srv/bot"}, config("web:\n  port: 9000\n  threads: 2\n")
    )
    assert (settings.web.port, settings.web.threads, str(settings.state_dir)) == (9001, 2, "/srv/bot")


def test_an_empty_variable_is_not_set(config):
    assert load({"BOT_TELEGRAM__TOKEN": "", "BOT_WEB__PORT": " "}, config("")).sandbox_on


@pytest.mark.parametrize(("written", "meant"), [("90s", 90), ("30m", 1800), ("12h", 43200), ("7d", 604800), ("5", 5)])
def test_lengths_of_time(config, written, meant):
    settings = load({"BOT_ROAD__MEMBERSHIP_CACHE": written}, config(""))
    assert settings.road.membership_cache == timedelta(seconds=meant)


def test_secrets_come_from_files_that_variables_name(tmp_path, config):
    (tmp_path / "token").write_text("123456:abc\n", encoding="utf-8")
    settings = load({"BOT_TELEGRAM__TOKEN_FILE": str(tmp_path / "token")}, config(""))
    assert settings.telegram.token and settings.telegram.token.get_secret_value() == "123456:abc"
    assert not settings.sandbox_on


def test_a_secret_file_that_cannot_be_read_is_a_problem(tmp_path, config):
    assert where({"BOT_TELEGRAM__TOKEN_FILE": str(tmp_path / "none")}, config("")) == ["BOT_TELEGRAM__TOKEN_FILE"]


def test_a_secret_in_the_file_is_refused(config):
    path = config("telegram:\n  mode: polling\n  token: 123456:abc\n")
    _, problems = read({}, path)
    assert [problem.where for problem in problems] == ["config.yaml:3"]
    assert "BOT_TELEGRAM__TOKEN" in problems[0].en and "123456" not in str(problems)


def test_secrets_show_nowhere():
    settings = load({"BOT_TELEGRAM__TOKEN": "123456:abc", "BOT_DATABASE__URL": "postgresql+psycopg://bot:hidden@db/x"})
    assert "abc" not in repr(settings) and "hidden" not in repr(settings)


def test_unknown_names_are_refused_with_the_nearest_known_one(config):
    path = config("web:\n  prot: 80\nlimit:\n  max_media: 3\n")
    _, problems = read({"BOT_TELEGRAM__TOKN": "x"}, path)
    assert [(problem.where, problem.en.split("mean ")[-1]) for problem in problems] == [
        ("config.yaml:2", "web.port?"),
        ("config.yaml:3", "limits?"),
        ("BOT_TELEGRAM__TOKN", "BOT_TELEGRAM__TOKEN?"),
    ]


def test_every_problem_is_said_at_once_with_its_place(config):
    path = config("web:\n  port: many\nlogs:\n  level: LOUD\n")
    assert sorted(where({"BOT_LIMITS__MAX_MEDIA": "99"}, path)) == [
        "BOT_LIMITS__MAX_MEDIA",
        "config.yaml:2",
        "config.yaml:4",
    ]


def test_what_was_wrong_is_never_repeated(config):
    """A value in the wrong place may be a secret."""
    _, problems = read({"BOT_WEB__PORT": "s3cret"}, config(""))
    assert problems and "s3cret" not in str(problems)


@pytest.mark.parametrize("text", ["web: [1, 2\n", "web:\n  port: 1\n  port: 2\n", "- a list\n", "web: 3\n"])
def test_broken_files_are_named_by_line(config, text):
    assert where({}, config(text))[0].startswith("config.yaml:")


def test_a_named_file_that_is_not_there_is_a_problem(tmp_path):
    assert where({"BOT_CONFIG": str(tmp_path / "none.yaml")}) == ["BOT_CONFIG"]


@pytest.mark.parametrize(
    ("environ", "places"),
    [
        ({"BOT_SANDBOX__ENABLED": "true", "BOT_TELEGRAM__TOKEN": "1:a"}, ["BOT_SANDBOX__ENABLED"]),
        ({"BOT_SANDBOX__ENABLED": "false"}, ["BOT_TELEGRAM__TOKEN"]),
        (
            {"BOT_TELEGRAM__TOKEN": "1:a", "BOT_TELEGRAM__MODE": "webhook"},
            ["BOT_TELEGRAM__WEBHOOK_SECRET", "BOT_WEB__PUBLIC_URL"],
        ),
        (
            {
                "BOT_TELEGRAM__TOKEN": "1:a",
                "BOT_TELEGRAM__MODE": "webhook",
                "BOT_TELEGRAM__WEBHOOK_SECRET": "not ok!",
                "BOT_WEB__PUBLIC_URL": "https://bot.example.vn",
            },
            ["BOT_TELEGRAM__WEBHOOK_SECRET"],
        ),
        (
            {"BOT_ZALO_BOT__TOKEN": "1:a", "BOT_ZALO_BOT__MODE": "webhook", "BOT_ZALO_BOT__WEBHOOK_SECRET": "seven77"},
            ["BOT_ZALO_BOT__WEBHOOK_SECRET", "BOT_WEB__PUBLIC_URL"],
        ),
        (
            {"BOT_ZALO_OA__APP_SECRET": "s", "BOT_WEB__PUBLIC_URL": "https://bot.example.vn"},
            ["BOT_ZALO_OA__APP_ID", "BOT_ZALO_OA__OA_SECRET_KEY", "BOT_ZALO_OA__OA_ID"],
        ),
        (
            ZALO | {"BOT_ZALO_OA__ACCESS_TOKEN": "a", "BOT_ZALO_OA__LAST_WINDOW": "1d"},
            ["BOT_ZALO_OA__REFRESH_TOKEN", "BOT_ZALO_OA__LAST_WINDOW"],
        ),
        (ZALO | {"BOT_SANDBOX__ENABLED": "true"}, ["BOT_SANDBOX__ENABLED"]),
        ({"BOT_LIMITS__DROP_AFTER": "1h"}, ["BOT_LIMITS__DROP_AFTER"]),
        ({"BOT_ROAD__LEASE": "2s"}, ["BOT_ROAD__LEASE"]),
        ({"BOT_WEB__MAP_TILES": "https://tiles.example.vn/{z}/{x}.png"}, ["BOT_WEB__MAP_TILES"]),
        ({"BOT_WEB__MAP_TILES": "tiles.example.vn/{z}/{x}/{y}.png"}, ["BOT_WEB__MAP_TILES"]),
        ({"BOT_DATABASE__URL": "mysql://x"}, ["BOT_DATABASE__URL"]),
        ({"BOT_MEDIA__URL": "ftp://x", "BOT_REDIS__URL": "http://x"}, ["BOT_REDIS__URL", "BOT_MEDIA__URL"]),
    ],
)
def test_what_does_not_go_together(config, environ, places):
    assert where(environ, config("")) == places
    with pytest.raises(ProblemsFound):
        load(environ, config(""))


def test_a_platform_that_is_switched_off_does_not_turn_the_sandbox_on(config):
    """Or what waits for its people would be said to those of the sandbox."""
    off = {"BOT_TELEGRAM__TOKEN": "1:a", "BOT_TELEGRAM__ENABLED": "false"}
    settings = load(off, config(""))
    assert not settings.telegram.on and not settings.sandbox_on
    assert load(off | {"BOT_SANDBOX__ENABLED": "true"}, config("")).sandbox_on


def test_zalo_alone_is_enough(config):
    settings = load(ZALO, config(""))
    assert settings.zalo_oa.on and not settings.sandbox_on and not settings.telegram.on
    assert (settings.zalo_oa.free_window, settings.zalo_oa.last_window) == (timedelta(hours=48), timedelta(days=7))
    assert not load(ZALO | {"BOT_ZALO_OA__ENABLED": "false"}, config("")).zalo_oa.on
    assert not any(secret in repr(settings) for secret in ("app-secret", "oa-secret"))


def test_without_a_public_address_zalo_starts_with_a_warning(config):
    _, problems = read({name: value for name, value in ZALO.items() if "PUBLIC" not in name}, config(""))
    assert [(problem.where, problem.weight) for problem in problems] == [("BOT_WEB__PUBLIC_URL", "warning")]


@pytest.mark.parametrize(
    ("address", "warned"),
    [("https://bot.example.vn", 0), ("http://127.0.0.1:8080", 0), ("http://localhost", 0), ("http://bot.example.vn", 1),
     ("http://127.example.vn", 1)],
)  # fmt: skip
def test_an_address_that_browsers_tell_no_position_to_is_a_warning(config, address, warned):
    _, problems = read({"BOT_WEB__PUBLIC_URL": address}, config(""))
    assert [(problem.where, problem.weight) for problem in problems] == [("BOT_WEB__PUBLIC_URL", "warning")] * warned


def test_a_list_stands_between_commas_or_in_the_file(config):
    assert load({"BOT_ZALO_OA__MEDIA_HOSTS": "zdn.vn, img.example.vn"}, config("")).zalo_oa.media_hosts == (
        "zdn.vn",
        "img.example.vn",
    )
    path = config("zalo_oa:\n  media_hosts: [zdn.vn]\n  oa_id: 388613280878808645\n  free_replies: 8\n")
    zalo = load({}, path).zalo_oa
    assert (zalo.media_hosts, zalo.oa_id, zalo.free_replies) == (("zdn.vn",), "388613280878808645", 8)


def test_words_for_the_catalogue_in_both_languages():
    words = Settings().words
    assert words["vi"].keys() == words["en"].keys() == {"province", "address_form", "team", "upper", "complaint_office"}
    assert words["vi"]["team"] == "Tổ vận hành"
