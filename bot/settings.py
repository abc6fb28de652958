"""Settings: `config.yaml` below `BOT_<SECTION>__<KEY>`, typed, with every problem said at once."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta, timezone
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError

from bot.problems import Problem, ProblemsFound, has_errors
from bot.sources import CONFIG_VARIABLE, Given, Key, Known, from_environment, from_yaml, tree, variable

ROOT = Path(__file__).parent.parent
CONFIG = ROOT / "config.yaml"

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def _duration(value: object) -> object:
    """``90s``, ``30m``, ``12h``, ``7d``, or a bare number of seconds."""
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([smhd]?)\s*", str(value))
    if found is None:
        return value
    return timedelta(seconds=float(found[1]) * _UNITS[found[2] or "s"])


def _several(value: object) -> object:
    """A list, or words between commas as the environment has them."""
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


Duration = Annotated[timedelta, BeforeValidator(_duration), Field(gt=timedelta(0))]
Digits = Annotated[str, BeforeValidator(str), Field(pattern=r"^\d*$")]  # an id, which a file may hold as a number
Several = Annotated[tuple[str, ...], BeforeValidator(_several)]


class Section(BaseModel):
    """A group of settings; what is not known is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Pair(Section):
    """The same words in both languages."""

    vi: str
    en: str


class Province(Section):
    """Whose bot this is: names and forms that texts are filled with."""

    vi: str = "thành phố Huế"
    en: str = "Huế City"
    prefix: str = Field("PA", pattern=r"^[A-Z]{2,4}$")  # of case codes
    policy: str = "quang-ninh"  # by which new cases go: the name of a policy in the store
    utc_offset: str = Field("+07:00", pattern=r"^[+-]\d\d:\d\d$")
    address_form: Pair = Pair(vi="anh/chị", en="you")
    team: Pair = Pair(vi="Tổ vận hành", en="the operations team")
    upper: Pair = Pair(vi="UBND thành phố", en="the City People's Committee")
    complaint_office: Pair = Pair(vi="Ban Tiếp công dân thành phố", en="the City's Citizen Reception Office")

    @property
    def zone(self) -> timezone:
        """The fixed offset in which promises are written."""
        hours, minutes = int(self.utc_offset[1:3]), int(self.utc_offset[4:6])
        sign = -1 if self.utc_offset[0] == "-" else 1
        return timezone(sign * timedelta(hours=hours, minutes=minutes))


class Limits(Section):
    """What one person may send; how long a draft waits is a matter of the policy."""

    reports_per_day: int = Field(10, ge=1)  # a person's, in the last 24 hours; danger always passes
    album_quiet: Duration = timedelta(seconds=2)  # an album is whole when nothing came for this long
    max_media: int = Field(5, ge=1, le=10)
    max_text: int = Field(2000, ge=100)  # characters of a description
    max_file_mb: int = Field(20, ge=1)  # what platforms let bots download

    @property
    def max_file_bytes(self) -> int:
        """The file limit in bytes."""
        return self.max_file_mb * 1024 * 1024


class Places(Section):
    """Where things are."""

    border_m: float = Field(50, ge=0, le=1000)  # so close to a border both areas are offered; 0: never


class Privacy(Section):
    """Who sees who reported, besides whoever asks for a written reason."""

    operators_see_reporter: bool = False  # whether cards in the operations team's group say who reported


class Road(Section):
    """How rows travel: the sweep, leases, batches, patience."""

    workers: int = Field(1, ge=1)  # worker processes that `serve` starts
    sweep: Duration = timedelta(seconds=5)
    lease: Duration = timedelta(seconds=60)  # a row in "sending" comes back after this
    batch: int = Field(50, ge=1)  # chats' steps that may share one commit
    attempts: int = Field(8, ge=1)  # before a row is set aside as dead
    membership_cache: Duration = timedelta(seconds=60)
    payload_retention: Duration = timedelta(days=30)  # then what platforms delivered is emptied
    outage_after: int = Field(5, ge=1)  # failures of one kind in a row, until a platform is left alone
    probe: Duration = timedelta(seconds=30)  # between two looks whether it is back


class Logs(Section):
    """How the log is written, on standard error."""

    format: Literal["auto", "json", "console"] = "auto"  # auto: console on a terminal, else JSON
    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"


class Sandbox(Section):
    """The local far end of every platform; without a word about it, on when no platform has a token."""

    enabled: bool | None = None


class Database(Section):
    """``sqlite:///path`` or ``postgresql+psycopg://…``; empty: SQLite in the state folder."""

    url: SecretStr | None = None


class Redis(Section):
    """``redis://…`` or ``unix://…``; empty: the private server in the state folder."""

    url: SecretStr | None = None


class Media(Section):
    """``s3://bucket/prefix`` or ``file:///folder``; empty: a folder in the state folder."""

    url: SecretStr | None = None


class Web(Section):
    """The web server."""

    host: str = "127.0.0.1"
    port: int = Field(8080, ge=0, le=65535)
    public_url: str | None = Field(None, pattern=r"^https?://[^\s/]+(/[^\s]*)?$")
    workers: int = Field(1, ge=1)
    threads: int = Field(4, ge=1)
    map_link: Duration = timedelta(days=1)  # how long a link to the map page is good
    case_link: Duration = timedelta(days=7)  # and an agency's link to the page of a case
    map_tiles: str | None = Field(None, pattern=r"^https?://[^\s/]+/\S+$")  # none: outlines of the areas only
    map_attribution: str = ""  # what the tiles' owner wants to be named


class Telegram(Section):
    """The platform Telegram."""

    enabled: bool = True  # False: switched off; what is for it goes by other platforms, or waits
    token: SecretStr | None = None
    api_url: str = Field("https://api.telegram.org", pattern=r"^https?://[^\s/]+")
    mode: Literal["polling", "webhook"] = "polling"
    webhook_secret: SecretStr | None = None
    previous_webhook_secret: SecretStr | None = None  # still accepted while the new one is being set

    @property
    def on(self) -> bool:
        """Whether this platform is to be talked to."""
        return self.enabled and self.token is not None


ZALO_MEDIA_HOSTS = ("zdn.vn", "zadn.vn")  # seen in links of both surfaces (zalo.md, 3.5); the list may not be complete


class ZaloOa(Section):
    """The platform Zalo, as an Official Account. What its documents leave open is set here (docs/zalo-checklist.md)."""

    enabled: bool = True  # False: as if it had no secrets
    app_id: Digits = ""
    oa_id: Digits = ""
    app_secret: SecretStr | None = None
    oa_secret_key: SecretStr | None = None  # of the console's webhook page; not the app secret
    access_token: SecretStr | None = None  # the first pair only: later ones are in the store
    refresh_token: SecretStr | None = None
    token_key: SecretStr | None = None  # that tokens are stored under; empty: derived from the app secret
    code_verifier: SecretStr | None = None  # fixed in the console; empty: a new one for each consent
    appsecret_proof: bool = False
    api_url: str = Field("https://openapi.zalo.me", pattern=r"^https?://[^\s/]+")
    oauth_url: str = Field("https://oauth.zaloapp.com", pattern=r"^https?://[^\s/]+")
    sign_header_time: bool = True  # also take a signature made with the time of the header instead of the body's
    sign_oa_id: bool = False  # also take one made with the OA's id instead of the app's
    replay_window: Duration = timedelta(hours=3)  # repeats of one delivery come for up to two hours
    media_hosts: Several = ZALO_MEDIA_HOSTS  # where files may be fetched: these names and names below them
    buttons: Literal["auto", "off"] = "auto"  # auto: until the platform refuses them; numbers work all the same
    buttons_template_type: Literal["", "list", "button"] = ""
    free_window: Duration = timedelta(hours=48)  # after a person's last word
    last_window: Duration = timedelta(days=7)  # then nothing is taken any more
    free_replies: int | None = Field(None, ge=1)  # within the free window; empty: any number
    late_price: int = Field(55, ge=0)  # VND for a message between the two windows
    gmf_asset_id: str = ""  # the paid add-on that groups are made with
    silence_after: Duration = timedelta(hours=12)  # without a delivery although we are sending: tell somebody

    @property
    def on(self) -> bool:
        """Whether this platform is to be talked to."""
        return self.enabled and self.app_secret is not None


class ZaloBot(Section):
    """The platform Zalo Bot, the light surface: no positions, no buttons, few users."""

    enabled: bool = True  # False: as if it had no token
    token: SecretStr | None = None
    # Also known as https://bot-api.zapps.me (zalo.md, 7.1).
    api_url: str = Field("https://bot-api.zaloplatforms.com", pattern=r"^https?://[^\s/]+")
    mode: Literal["polling", "webhook"] = "polling"
    webhook_secret: SecretStr | None = None
    previous_webhook_secret: SecretStr | None = None  # still accepted while the new one is being set
    media_hosts: Several = ZALO_MEDIA_HOSTS
    silence_after: Duration = timedelta(hours=12)

    @property
    def on(self) -> bool:
        """Whether this platform is to be talked to."""
        return self.enabled and self.token is not None


class Settings(Section):
    """Everything that can be set. Only `bot/` sees this; the other rooms get plain values."""

    state_dir: Path = Path("var")
    province: Province = Province()
    limits: Limits = Limits()
    places: Places = Places()
    privacy: Privacy = Privacy()
    road: Road = Road()
    logs: Logs = Logs()
    sandbox: Sandbox = Sandbox()
    database: Database = Database()
    redis: Redis = Redis()
    media: Media = Media()
    web: Web = Web()
    telegram: Telegram = Telegram()
    zalo_oa: ZaloOa = ZaloOa()
    zalo_bot: ZaloBot = ZaloBot()

    @property
    def sandbox_on(self) -> bool:
        """Whether the far end is the local sandbox."""
        if self.sandbox.enabled is not None:
            return self.sandbox.enabled
        # A platform that is switched off for a while still has its secret: what waits for it must not go to a sandbox.
        secrets = (self.telegram.token, self.zalo_oa.app_secret, self.zalo_bot.token)
        return all(secret is None for secret in secrets)

    @property
    def any_token(self) -> bool:
        """Whether any platform is really to be talked to."""
        return self.telegram.on or self.zalo_oa.on or self.zalo_bot.on

    @property
    def database_url(self) -> str:
        """Where the database is, with its password: never to be printed."""
        if self.database.url:
            return self.database.url.get_secret_value()
        return f"sqlite:///{self.state_dir.resolve() / 'bot.sqlite3'}"

    @property
    def media_url(self) -> str:
        """Where media are kept."""
        if self.media.url:
            return self.media.url.get_secret_value()
        return (self.state_dir.resolve() / "media").as_uri()

    @property
    def redis_url(self) -> str | None:
        """The Redis-protocol server that was named; None: the private one in the state folder."""
        return self.redis.url.get_secret_value() if self.redis.url else None

    @property
    def words(self) -> dict[str, dict[str, str]]:
        """The placeholders that are the same in every text, by language: the catalogue takes them."""
        return {language: _placeholders(self.province, language) for language in ("vi", "en")}


def load(environ: Mapping[str, str] | None = None, config: Path | None = None) -> Settings:
    """The settings of this process. Raises ProblemsFound with everything that is wrong, warnings left out."""
    settings, problems = read(environ, config)
    if settings is None or has_errors(problems):
        raise ProblemsFound(problem for problem in problems if problem.weight == "error")
    return settings


def read(environ: Mapping[str, str] | None = None, config: Path | None = None) -> tuple[Settings | None, list[Problem]]:
    """The settings, None when they cannot be made, and every problem with them."""
    environ = os.environ if environ is None else environ
    problems: list[Problem] = []
    path = config or Path(environ.get(CONFIG_VARIABLE) or CONFIG)
    if environ.get(CONFIG_VARIABLE) and not path.exists():
        problems.append(Problem(CONFIG_VARIABLE, f"không có tệp {path}", f"there is no file {path}"))
    known = known_settings()
    given = from_yaml(path, known, problems) | from_environment(environ, known, problems)
    try:
        settings = Settings.model_validate(
            tree({key: value for key, value in given.items() if value.value is not None})
        )
    except ValidationError as wrong:
        problems += [_invalid(error["loc"], error["msg"], given) for error in wrong.errors(include_input=False)]
        return None, problems
    return settings, problems + list(cross_check(settings, given))


def known_settings() -> Known:
    """Every setting there is."""
    keys = dict(_walk(Settings, ()))
    return Known(frozenset(keys), frozenset(key for key, secret in keys.items() if secret))


def cross_check(settings: Settings, given: Mapping[Key, Given] | None = None) -> Iterator[Problem]:
    """What is wrong with settings that are each fine alone."""
    given = given or {}

    def where(*key: str) -> str:
        return given[key].where if key in given else variable(key)

    telegram = settings.telegram
    if settings.sandbox.enabled and settings.any_token:
        yield Problem(
            where("sandbox", "enabled"),
            "sandbox không chạy cùng mã bí mật của nền tảng thật; hãy bỏ một trong hai",
            "the sandbox does not run together with the token of a real platform; remove one of them",
        )
    if settings.sandbox.enabled is False and not settings.any_token:
        yield Problem(
            where("telegram", "token"),
            "chưa có nền tảng nào: hãy đặt mã bí mật hoặc bật sandbox",
            "there is no platform: set a token or turn the sandbox on",
        )
    for section, on in (("telegram", telegram), ("zalo_bot", settings.zalo_bot)):
        if on.on and on.mode == "webhook":
            yield from _webhook_secrets(section, on, where(section, "webhook_secret"))
    if any(on.on and on.mode == "webhook" for on in (telegram, settings.zalo_bot)) and not _has_https(settings):
        yield Problem(
            where("web", "public_url"),
            "chế độ webhook cần địa chỉ công khai https://…",
            "webhook mode needs a public https://… address",
        )
    if settings.zalo_oa.on:
        yield from _zalo_oa(settings, where)
    yield from _map_page(settings, where)
    if settings.road.sweep >= settings.road.lease:
        yield Problem(where("road", "lease"), "phải dài hơn road.sweep", "must be longer than road.sweep")
    for key in ("database", "redis", "media"):
        yield from _known_kind(key, where(key, "url"), settings)


_KINDS = {
    "database": ("sqlite:///", "postgresql+psycopg://"),
    "redis": ("redis://", "rediss://", "unix://"),
    "media": ("file:///", "s3://"),
}


def _known_kind(key: str, where: str, settings: Settings) -> Iterator[Problem]:
    url = getattr(settings, key).url
    if url and not url.get_secret_value().startswith(_KINDS[key]):
        kinds = " | ".join(_KINDS[key])
        yield Problem(where, f"địa chỉ phải bắt đầu bằng {kinds}", f"the address must begin with {kinds}")


# How many letters a platform takes: Bot API, setWebhook; Zalo Bot, setWebhook (zalo.md, 7.2).
_SECRET_LENGTHS = {"telegram": (1, 256), "zalo_bot": (8, 256)}


def _webhook_secrets(section: str, platform: Telegram | ZaloBot, where: str) -> Iterator[Problem]:
    least, most = _SECRET_LENGTHS[section]
    allowed = re.compile(rf"[A-Za-z0-9_-]{{{least},{most}}}")
    if platform.webhook_secret is None:
        yield Problem(
            where,
            f"chế độ webhook cần một bí mật riêng ({least}–{most} chữ, số, _ hoặc -)",
            f"webhook mode needs a secret of your own ({least}–{most} letters, digits, _ or -)",
        )
    elif any(
        secret and not allowed.fullmatch(secret.get_secret_value())
        for secret in (platform.webhook_secret, platform.previous_webhook_secret)
    ):
        yield Problem(
            where,
            f"chỉ được gồm {least}–{most} chữ, số, _ hoặc -",
            f"may only hold {least}–{most} letters, digits, _ or -",
        )


_AT_HOME = re.compile(r"http://(localhost|127\.[\d.]+|\[::1\])(:\d+)?(/|$)")


def _map_page(settings: Settings, where: Callable[..., str]) -> Iterator[Problem]:
    tiles, public_url = settings.web.map_tiles, settings.web.public_url
    if tiles and not all(part in tiles for part in ("{z}", "{x}", "{y}")):
        yield Problem(
            where("web", "map_tiles"), "địa chỉ phải có {z}, {x} và {y}", "the address needs {z}, {x} and {y}"
        )
    if public_url and not _has_https(settings) and not _AT_HOME.match(public_url):
        yield Problem(
            where("web", "public_url"),
            "trình duyệt chỉ cho biết vị trí trên trang https://…; trang bản đồ sẽ không có nút dùng vị trí",
            "browsers tell a position to https://… pages only; the map page will not offer to use it",
            "warning",
        )


def _has_https(settings: Settings) -> bool:
    return (settings.web.public_url or "").startswith("https://")


def _zalo_oa(settings: Settings, where: Callable[..., str]) -> Iterator[Problem]:
    zalo = settings.zalo_oa
    for name, vi, en in _ZALO_NEEDS:
        if not getattr(zalo, name):
            yield Problem(where("zalo_oa", name), f"Zalo OA cần {vi}", f"the Zalo OA needs {en}")
    if (zalo.access_token is None) != (zalo.refresh_token is None):
        missing = "refresh_token" if zalo.refresh_token is None else "access_token"
        yield Problem(
            where("zalo_oa", missing),
            "cặp mã đầu tiên phải có đủ access_token và refresh_token",
            "the first pair is both access_token and refresh_token",
        )
    if zalo.last_window <= zalo.free_window:
        yield Problem(
            where("zalo_oa", "last_window"),
            "phải dài hơn zalo_oa.free_window",
            "must be longer than zalo_oa.free_window",
        )
    if not zalo.media_hosts:
        yield Problem(
            where("zalo_oa", "media_hosts"),
            "chưa có máy chủ nào: sẽ không tải được ảnh của người dân",
            "there is no host: no photo could be fetched",
            "warning",
        )
    if not _has_https(settings):
        yield Problem(
            where("web", "public_url"),
            "Zalo cần địa chỉ công khai https://… cho webhook; trang bản đồ và trang của cơ quan cũng cần",
            "Zalo needs a public https://… address for its webhook; so do the map and the agencies' page",
            "warning",
        )


_ZALO_NEEDS = (
    ("app_id", "mã ứng dụng", "the id of the app"),
    ("oa_secret_key", "OA Secret Key ở trang Webhook", "the OA Secret Key of the console's webhook page"),
    ("oa_id", "mã của OA", "the id of the OA"),
)


def _placeholders(province: Province, language: str) -> dict[str, str]:
    pairs = {name: getattr(province, name) for name in ("address_form", "team", "upper", "complaint_office")}
    return {"province": getattr(province, language)} | {name: getattr(pair, language) for name, pair in pairs.items()}


def _walk(section: type[BaseModel], at: Key) -> Iterator[tuple[Key, bool]]:
    for name, field in section.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, Section):
            yield from _walk(kind, (*at, name))
        else:
            yield (*at, name), kind in (SecretStr, SecretStr | None)


def _invalid(loc: tuple[Any, ...], message: str, given: Mapping[Key, Given]) -> Problem:
    key = tuple(str(part) for part in loc)
    where = given[key].where if key in given else variable(key)
    name = ".".join(key)
    return Problem(where, f"{name} không hợp lệ: {message}", f"{name} is not valid: {message}")
