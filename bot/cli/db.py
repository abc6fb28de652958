"""`db`: make, upgrade, back up and restore the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click
from sqlalchemy import Engine

from bot.cli.office import office
from bot.cli.out import Trouble, bar, done, dry_run_option, dump, facts, json_option, say
from storage.db import open_engine
from storage.unit_of_work import Store

if TYPE_CHECKING:
    from storage.seeding import Seeded


@click.group()
def db() -> None:
    """Cơ sở dữ liệu: tạo, nâng cấp, sao lưu, khôi phục. / The database."""


@db.command()
@click.option("--sample", is_flag=True, help="Thêm địa bàn, cơ quan mẫu. / Sample areas, agencies and routes too.")
@dry_run_option
@json_option
def init(sample: bool, dry_run: bool, as_json: bool) -> None:
    """Tạo bảng và dữ liệu ban đầu; chạy lại vô hại. / Make tables and shipped data; safe to repeat."""
    from storage import migrate

    with office(any_step=True) as desk:
        wanted = sample or desk.settings.sandbox_on
        if dry_run and migrate.current(desk.engine) is None:
            with _trial() as trial:
                seeded = _seed(trial, desk.now(), sample=wanted, dry_run=True)
        else:
            if not dry_run:
                migrate.upgrade(desk.engine)
            seeded = _seed(desk.engine, desk.now(), sample=wanted, dry_run=dry_run)
    counts = asdict(seeded)
    words = ", ".join(f"{name} +{count}" for name, count in counts.items())
    done(counts | {"step": migrate.head()}, f"Sẵn sàng: {words}.", f"Ready: {words}.", as_json=as_json, dry_run=dry_run)


@db.command()
@click.option("--to", "step", default="head", help="Bước, mặc định mới nhất. / Step; the newest by default.")
@dry_run_option
def upgrade(step: str, dry_run: bool) -> None:
    """Nâng cấp đến bước mới. / Go forward to a step of the migrations."""
    from storage import migrate

    with office(any_step=True) as desk:
        _known(step, ["head", *migrate.steps()])
        before = migrate.current(desk.engine)
        if not dry_run:
            migrate.upgrade(desk.engine, step)
            if migrate.current(desk.engine) == migrate.head():
                _ship_policies(desk.engine, desk.now())  # a store from before there were any goes by the shipped ones
        after = (migrate.head() if step == "head" else step) if dry_run else migrate.current(desk.engine)
    done({}, f"{before or 'trống'} → {after}", f"{before or 'empty'} → {after}", dry_run=dry_run)


@db.command()
@click.argument("step")
@click.option(
    "--yes", is_flag=True, help="Đồng ý mất dữ liệu của các bước sau. / Yes, what later steps brought is lost."
)
@dry_run_option
def downgrade(step: str, yes: bool, dry_run: bool) -> None:
    """Lùi về STEP (base là trống). / Go back to STEP (base: no tables)."""
    from storage import migrate

    if not (yes or dry_run):
        raise Trouble("lùi bước làm mất dữ liệu; thêm --yes nếu chắc", "going back loses data; add --yes to do it")
    with office(any_step=True) as desk:
        _known(step, ["base", *migrate.steps()])
        before = migrate.current(desk.engine)
        if not dry_run:
            migrate.downgrade(desk.engine, step)
    done({}, f"{before or 'trống'} → {step}", f"{before or 'empty'} → {step}", dry_run=dry_run)


@db.command()
@json_option
def status(as_json: bool) -> None:
    """Loại, bước hiện tại và số dòng. / Kind, step and numbers of rows."""
    from storage import migrate
    from storage.backup import counts

    with office(any_step=True) as desk:
        step = migrate.current(desk.engine)
        with desk.store.read() as uow:
            rows = counts(uow.connection.plain) if step == migrate.head() else {}
        result = {"kind": desk.engine.dialect.name, "step": step, "head": migrate.head(), "rows": rows}
    if as_json:
        dump(result)
        return
    words = ", ".join(f"{name} {count}" for name, count in sorted(rows.items()) if count)
    facts(result | {"rows": words}, {"kind": "Loại/Kind", "step": "Bước/Step", "head": "Mới nhất/Newest",
          "rows": "Số dòng/Rows"}, as_json=False)  # fmt: skip


@db.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@json_option
def backup(file: Path, as_json: bool) -> None:
    """Sao lưu ra FILE khi chương trình vẫn chạy. / Back up to FILE while the program runs on."""
    from storage.backup import BackupRefused, back_up, read_manifest

    with office() as desk, bar("backup") as more:
        try:
            back_up(desk.engine, file, desk.now(), lambda _table, rows: more(rows))
            manifest = read_manifest(file)  # as it lies on the disk
        except BackupRefused as refused:
            raise _told(refused) from None
    rows = sum(manifest.counts.values())
    if as_json:
        dump(asdict(manifest) | {"file": str(file)})
        return
    say(f"Đã sao lưu {rows} dòng vào {file}.", f"{rows} rows backed up to {file}.")
    say(
        f"Kho ảnh phải giữ riêng: {len(manifest.media)} tệp (media check).",
        f"Media are kept apart: {len(manifest.media)} files (media check).",
    )


@db.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@dry_run_option
@json_option
def restore(file: Path, dry_run: bool, as_json: bool) -> None:
    """Khôi phục FILE vào cơ sở dữ liệu trống rồi kiểm lại. / Restore FILE into an empty database, then verify it."""
    from handlers.verifying import Verified, verify
    from storage.backup import BackupRefused, read_manifest
    from storage.backup import restore as restore_all

    with office(any_step=True) as desk, bar("restore") as more:
        try:
            manifest = read_manifest(file)
            if not dry_run:
                restore_all(desk.engine, file, lambda _table, rows: more(rows))
        except BackupRefused as refused:
            raise _told(refused) from None
        result = Verified(0, ()) if dry_run else verify(Store(desk.engine))
    if result.wrong:
        codes = ", ".join(one.code for one in result.wrong)
        raise Trouble(f"đã khôi phục nhưng lịch sử lệch: {codes}", f"restored, but these cases differ: {codes}")
    rows = sum(manifest.counts.values())
    done(
        {"rows": rows, "cases": result.cases, "made_at": manifest.made_at},
        f"Khôi phục {rows} dòng; {result.cases} phản ánh khớp lịch sử.",
        f"{rows} rows restored; {result.cases} cases agree with their history.",
        as_json=as_json,
        dry_run=dry_run,
    )


def _known(step: str, steps: list[str]) -> None:
    if step not in steps:
        raise Trouble(
            f"không có bước {step!r}; có: {', '.join(steps)}", f"no step {step!r}; there are: {', '.join(steps)}"
        )


def _told(refused: Exception) -> Trouble:
    vi, _, en = str(refused).partition(" / ")
    return Trouble(vi, en or vi)


def _seed(engine: Engine, now: datetime, *, sample: bool, dry_run: bool) -> Seeded:
    from storage.seeding import seed, seed_sample

    with Store(engine).write() as uow:
        seeded = seed_sample(uow, now) if sample else seed(uow, now)
        if dry_run:
            uow.connection.rollback()
    return seeded


def _ship_policies(engine: Engine, now: datetime) -> None:
    from storage.seeding import ship_policies

    with Store(engine).write() as uow:
        ship_policies(uow, now)


@contextmanager
def _trial() -> Iterator[Engine]:
    """A database that is thrown away."""
    from storage import migrate

    with TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{folder}/trial.sqlite3")
        migrate.upgrade(engine)
        try:
            yield engine
        finally:
            engine.dispose()
