"""Checking: everything that is wrong with an installation, said at once and before anything is started."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot import settings as all_settings
from bot.clock import SystemClock
from bot.in_use import windows
from bot.problems import Problem, has_errors
from bot.settings import Settings
from handlers import absence, coverage, inspection_line, sample_areas
from handlers.places import Places
from storage import migrate
from storage.agencies import ENTERPRISE
from storage.broken import BadFile
from storage.db import open_engine
from storage.holidays import read_list, unconfirmed_years
from storage.law import shipped_data
from storage.policy_file import SHIPPED
from storage.unit_of_work import Store, UnitOfWork

SHOWN = 20  # of a long list


def check(environ: Mapping[str, str] | None = None, config: Path | None = None) -> list[Problem]:
    """Every problem; errors must be put right, warnings may wait. Asks the platforms who we are."""
    settings, problems = all_settings.read(environ, config)
    if settings is None or has_errors(problems):
        return problems  # nothing else can be asked without knowing where it is
    for part in (_state, _redis, _media, _law, _platforms):
        problems += part(settings)
    return problems + list(_database(settings))


def _state(settings: Settings) -> Iterator[Problem]:
    folder = settings.state_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as wrong:
        yield Problem("state_dir", f"không ghi được vào {folder}: {wrong.strerror}", f"{folder}: not writable")


def _redis(settings: Settings) -> Iterator[Problem]:
    if settings.redis_url is None:
        return  # `serve` starts its own
    from redis.exceptions import RedisError

    from bot.queue import connect

    try:
        connect(settings.redis_url).ping()
    except (RedisError, ValueError) as wrong:
        kind = type(wrong).__name__
        yield Problem("redis.url", f"Redis không trả lời ({kind})", f"Redis does not answer ({kind})")


def _media(settings: Settings) -> Iterator[Problem]:
    from storage.media import BadMediaUrl, MediaUnreachable, open_store

    try:
        store = open_store(settings.media_url)
        store.delete(store.put(b"phan-anh check"))
    except BadMediaUrl as wrong:
        vi, _, en = str(wrong).partition(" / ")
        yield Problem("media.url", vi, en or vi)
    except (MediaUnreachable, OSError) as wrong:
        kind = type(wrong).__name__
        yield Problem("media.url", f"không ghi được kho ảnh ({kind})", f"the media store cannot be written to ({kind})")


def _law(settings: Settings) -> Iterator[Problem]:
    try:
        for name in SHIPPED:
            shipped_data(name)
        read_list()
    except BadFile as wrong:
        yield Problem("storage/seed", wrong.vi, wrong.en)


def _platforms(settings: Settings) -> Iterator[Problem]:
    if settings.telegram.on:
        yield from _telegram(settings)
    if settings.zalo_bot.on:
        yield from _zalo_bot(settings)


def _zalo_bot(settings: Settings) -> Iterator[Problem]:
    from bot.options import zalo_bot_options
    from bot.platforms.zalo_bot.platform import ZaloBot
    from bot.words import catalogue
    from handlers.ports import SendLater, SendNever, SendUnknown

    client = ZaloBot(zalo_bot_options(settings), catalogue.load(settings.words, settings.province.zone))
    try:
        client.me()
        if settings.zalo_bot.mode == "webhook" and not client.webhook_info().get("url"):
            yield Problem(
                "zalo_bot.mode",
                "chưa đặt webhook; hãy chạy zalo bot set-webhook",
                "no webhook is set; run zalo bot set-webhook",
                "warning",
            )
    except (SendLater, SendNever, SendUnknown) as wrong:
        yield Problem(
            "zalo_bot.token", f"Zalo Bot không nhận ra bot ({wrong.code})", f"Zalo Bot does not know us ({wrong.code})"
        )
    finally:
        client.close()


def _telegram(settings: Settings) -> Iterator[Problem]:
    from bot.options import telegram_options
    from bot.platforms.telegram.client import Telegram
    from bot.words import catalogue
    from handlers.ports import SendLater, SendNever, SendUnknown

    try:
        client = Telegram(telegram_options(settings), catalogue.load(settings.words, settings.province.zone))
    except ValueError as wrong:
        yield Problem("telegram.token", f"mã bí mật không đúng dạng: {wrong}", str(wrong))
        return
    try:
        client.me()
    except (SendLater, SendNever, SendUnknown) as wrong:
        yield Problem(
            "telegram.token", f"Telegram không nhận ra bot ({wrong.code})", f"Telegram does not know us ({wrong.code})"
        )
    finally:
        client.close()


def _database(settings: Settings) -> Iterator[Problem]:
    engine = open_engine(settings.database_url)
    try:
        yield from _at_head(engine)
        if migrate.current(engine) == migrate.head():
            with Store(engine).read() as uow:
                yield from _policies(uow, settings)
                yield from _heads(uow)
                yield from _off(uow, settings)
                for part in PARTS:
                    yield from part(uow)
            if settings.zalo_oa.on:
                from bot.check_zalo import check_zalo

                yield from check_zalo(settings, Store(engine), SystemClock())
    except SQLAlchemyError as wrong:
        kind = type(getattr(wrong, "orig", None) or wrong).__name__
        yield Problem("database.url", f"không mở được ({kind})", f"cannot be opened ({kind})")
    finally:
        engine.dispose()


def _heads(uow: UnitOfWork) -> Iterator[Problem]:
    """Heads who are away with nobody delegated, and enterprises whose results nobody supervises."""
    for one in absence.vacant(uow, SystemClock().now()):
        where = f"agencies.{one.agency.code}"
        if one.falls_to is not None:
            vi, en = f"việc của lãnh đạo do {one.falls_to.code} quyết định", f"{one.falls_to.code} acts in their stead"
        else:
            vi, en = "không có cấp trên nào quyết định thay", "nobody above can act in their stead"
        yield Problem(
            where,
            f"lãnh đạo vắng, chưa ủy quyền ai; {vi}; xem staff delegate",
            f"the head is away and delegated nobody; {en}; see staff delegate",
            "warning",
        )
    for row in uow.agencies.all():
        if row.active and row.kind == ENTERPRISE and uow.agencies.supervisor_of(row.id) is None:
            yield Problem(
                f"agencies.{row.code}",
                "doanh nghiệp chưa có cơ quan giám sát, tổ vận hành duyệt kết quả; xem agencies supervise",
                "an enterprise that nobody supervises: the operators check its results; see agencies supervise",
                "warning",
            )


def _policies(uow: UnitOfWork, settings: Settings) -> Iterator[Problem]:
    name, now = settings.province.policy, SystemClock().now()
    if name not in SHIPPED and not uow.policies.of(name):
        yield Problem(
            "province.policy",
            f"chưa có quy định {name!r}; hãy chạy policy import",
            f"there is no policy {name!r} in the store; run policy import",
        )
    for year in unconfirmed_years((now.year, now.year + 1), entered=uow.days.confirmed()):
        yield Problem(
            "holidays",
            f"ngày nghỉ năm {year} chưa được xác nhận; đối chiếu thông báo của Chính phủ rồi chạy holidays confirm",
            f"the holidays of {year} are not confirmed; compare them with the notice, then run holidays confirm",
            "warning",
        )


def _at_head(engine: Engine) -> Iterator[Problem]:
    step, head = migrate.current(engine), migrate.head()
    if step is None:
        yield Problem("database", "còn trống; hãy chạy db init", "is empty; run db init")
    elif step != head:
        yield Problem(
            "database",
            f"ở bước {step}, cần {head}; hãy chạy db upgrade",
            f"at step {step}, needs {head}; run db upgrade",
        )


def _categories(uow: UnitOfWork) -> Iterator[Problem]:
    rows = [row for row in uow.categories.all() if row.active]
    if not rows:
        yield Problem("categories", "chưa có lĩnh vực nào; hãy chạy db init", "there are none; run db init")
    codes = {row.code for row in rows}
    for row in rows:
        if row.parent and row.parent not in codes:
            yield Problem(
                "categories", f"{row.code}: nhóm {row.parent} đã ngừng", f"{row.code}: group {row.parent} is retired"
            )


def _agencies(uow: UnitOfWork) -> Iterator[Problem]:
    rows = coverage.overview(uow)
    for row in rows:
        reached = [group for group in row["groups"] if group["status"] == "open"]
        if row["code"] == "operators" and not reached:
            yield Problem(
                "agencies",
                "tổ vận hành chưa có nhóm chat: agencies link --operators",
                "the operations team has no group: agencies link --operators",
            )
        elif row["active"] and row["groups"] and not reached:
            yield Problem("agencies", f"{row['code']}: mất nhóm chat", f"{row['code']}: its group is lost", "warning")
        elif row["active"] and not row["groups"]:
            yield Problem("agencies", f"{row['code']}: chưa có nhóm chat", f"{row['code']} has no group yet", "warning")


def _off(uow: UnitOfWork, settings: Settings) -> Iterator[Problem]:
    """Groups that nobody is told in, because their platforms are switched off."""
    in_use = windows(settings)
    for row in coverage.overview(uow):
        names = sorted({group["platform"] for group in row["groups"] if group["status"] == "open"})
        if row["active"] and names and not in_use.keys() & set(names):
            link = "--operators" if row["code"] == "operators" else row["code"]
            yield Problem(
                f"agencies.{row['code']}",
                f"chỉ có nhóm trên kênh đang tắt ({', '.join(names)}); hãy bật lại kênh, hoặc agencies link {link}",
                f"its groups are on channels that are switched off ({', '.join(names)}); turn one on again, "
                f"or agencies link {link}",
                "warning",
            )


ENDED = {
    "ended_area": ("tuyến này còn ghi địa bàn đã hết hiệu lực", "this route names an area that is no more"),
    "ended_agency": ("tuyến này còn ghi cơ quan đã ngừng", "this route names an agency that is no more"),
}


def _routes(uow: UnitOfWork) -> Iterator[Problem]:
    for route in coverage.refused_routes(uow):
        yield Problem(
            f"route {route.id}",
            f"lĩnh vực nhạy cảm {route.category} chỉ được chuyển đến bộ phận thanh tra (R61)",
            f"the sensitive category {route.category} may go to the inspection line only (R61)",
        )
    found = coverage.coverage(uow, SystemClock().now())
    for line in found[:SHOWN]:
        place = line["area"] or "*"
        if line["problem"] in ENDED:
            vi, en = ENDED[line["problem"]]
        elif line["problem"] == "gap":
            vi, en = "chưa có cơ quan nào", "no agency answers for it"
        else:
            names = ", ".join(line["agencies"])
            vi, en = f"nhiều cơ quan cùng nhận: {names}", f"several agencies answer for it: {names}"
        yield Problem(f"routes {line['category'] or '*'} × {place}", vi, en, "warning")
    if len(found) > SHOWN:
        more = len(found) - SHOWN
        yield Problem(
            "routes", f"còn {more} chỗ nữa: agencies routes gaps", f"{more} more: agencies routes gaps", "warning"
        )


def _officials(uow: UnitOfWork) -> Iterator[Problem]:
    """R61: who handles cases about officials, and whether one of them also works for a unit that may be meant."""
    if not inspection_line.lines(uow):
        yield Problem(
            "officials",
            "chưa có bộ phận thanh tra, phản ánh về cán bộ do tổ vận hành giữ: agencies add MÃ --kind inspection",
            "no inspection line, so the operators keep reports about officials: agencies add CODE --kind inspection",
            "warning",
        )
    for number, agency in inspection_line.in_two_places(uow):
        yield Problem(
            "officials",
            f"cán bộ số {number} của bộ phận thanh tra cũng thuộc {agency}: staff list, staff remove",
            f"officer {number} of the inspection line also works for {agency}: staff list, staff remove",
            "warning",
        )


def _areas(uow: UnitOfWork) -> Iterator[Problem]:
    now = SystemClock().now()
    if not any(row.served for row in uow.areas.all(now)):
        yield Problem("areas", "chưa có địa bàn: areas import", "there are no areas: areas import", "warning")
    if sample := sample_areas.left(uow, now):
        codes = ", ".join(row.code for row in sample)
        yield Problem(
            "areas",
            f"địa bàn mẫu ({codes}) có thể chồng lên địa bàn đã nhập; hãy chạy areas retire-sample",
            f"areas of the sample ({codes}) may overlap imported ones; run areas retire-sample",
            "warning",
        )
    places = Places.of(uow, now, 0)
    for row in uow.areas.register():
        if row.served and row.valid_until and row.valid_until <= now and not places.present(row.code):
            yield Problem(
                f"area {row.code}",
                "đã hết hiệu lực mà chưa rõ đơn vị kế tiếp: areas retire --successor",
                "is no more, and what became of it is not known: areas retire --successor",
                "warning",
            )


Part = Callable[[UnitOfWork], Iterator[Problem]]
PARTS: tuple[Part, ...] = (_categories, _agencies, _officials, _areas, _routes)
