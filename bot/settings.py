"""Settings: `config.yaml` below `BOT_<SECTION>__<KEY>`, typed, with every problem said at once."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
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


Duration = Annotated[timedelta, BeforeValidator(_duration), Field(gt=timedelta(0))]


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
    """What one person may send, and how long a draft waits."""

    reports_per_day: int = Field(10, ge=1)  # a person's, in the last 24 hours; danger always passes
    reminder_after: Duration = timedelta(days=1)
    drop_after: Duration = timedelta(days=7)
    album_quiet: Duration = timedelta(seconds=2)  # an album is whole when nothing came for this long
    max_media: int = Field(5, ge=1, le=10)
    max_text: int = Field(2000, ge=100)  # characters of a description
    max_file_mb: int = Field(20, ge=1)  # what platforms let bots download

    @property
    def max_file_bytes(self) -> int:
        """The file limit in bytes."""
        return self.max_file_mb * 1024 * 1024


class Road(Section):
    """How rows travel: the sweep, leases, batches, patience."""

    workers: int = Field(1, ge=1)  # worker processes that `serve` starts
    sweep: Duration = timedelta(seconds=5)
    lease: Duration = timedelta(seconds=60)  # a row in "sending" comes back after this
    batch: int = Field(50, ge=1)  # chats' steps that may share one commit
    attempts: int = Field(8, ge=1)  # before a row is set aside as dead
    membership_cache: Duration = timedelta(seconds=60)
    payload_retention: Duration = timedelta(days=30)  # then what platforms delivered is emptied


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


class Telegram(Section):
    """The platform Telegram."""

    enabled: bool = True  # False: as if it had no token
    token: SecretStr | None = None
    api_url: str = Field("https://api.telegram.org", pattern=r"^https?://[^\s/]+")
    mode: Literal["polling", "webhook"] = "polling"
    webhook_secret: SecretStr | None = None
    previous_webhook_secret: SecretStr | None = None  # still accepted while the new one is being set

    @property
    def on(self) -> bool:
        """Whether this platform is to be talked to."""
        return self.enabled and self.token is not None


class Settings(Section):
    """Everything that can be set. Only `bot/` sees this; the other rooms get plain values."""

    state_dir: Path = Path("var")
    province: Province = Province()
    limits: Limits = Limits()
    road: Road = Road()
    logs: Logs = Logs()
    sandbox: Sandbox = Sandbox()
    database: Database = Database()
    redis: Redis = Redis()
    media: Media = Media()
    web: Web = Web()
    telegram: Telegram = Telegram()

    @property
    def sandbox_on(self) -> bool:
        """Whether the far end is the local sandbox."""
        return self.sandbox.enabled if self.sandbox.enabled is not None else not self.any_token

    @property
    def any_token(self) -> bool:
        """Whether any platform is really to be talked to."""
        return self.telegram.on

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
    if telegram.on and telegram.mode == "webhook":
        yield from _webhook(settings, where("telegram", "webhook_secret"), where("web", "public_url"))
    if settings.limits.drop_after <= settings.limits.reminder_after:
        yield Problem(
            where("limits", "drop_after"),
            "phải dài hơn limits.reminder_after",
            "must be longer than limits.reminder_after",
        )
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


def _webhook(settings: Settings, secret_at: str, address_at: str) -> Iterator[Problem]:
    secrets = (settings.telegram.webhook_secret, settings.telegram.previous_webhook_secret)
    if settings.telegram.webhook_secret is None:
        yield Problem(
            secret_at,
            "chế độ webhook cần một bí mật riêng (1–256 chữ, số, _ hoặc -)",
            "webhook mode needs a secret of your own (1–256 letters, digits, _ or -)",
        )
    elif any(s and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", s.get_secret_value()) for s in secrets):
        yield Problem(secret_at, "chỉ được gồm 1–256 chữ, số, _ hoặc -", "may only hold 1–256 letters, digits, _ or -")
    if not (settings.web.public_url or "").startswith("https://"):
        yield Problem(
            address_at,
            "chế độ webhook cần địa chỉ công khai https://…",
            "webhook mode needs a public https://… address",
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
