"""`areas`: the communes and wards that the bot knows, with their outlines."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.office import office
from bot.cli.out import bar, done, dry_run_option, dump, facts, json_option, show

COLUMNS = {
    "code": "Mã/Code",
    "vi": "Tên/Name",
    "en": "English",
    "province": "Tỉnh/Province",
    "lat": "Vĩ độ/Lat",
    "lon": "Kinh độ/Lon",
    "served": "Phục vụ/Served",
    "outlined": "Ranh giới/Outline",
}


@click.group()
def areas() -> None:
    """Xã, phường, đặc khu và ranh giới. / Communes, wards and their outlines."""


@areas.command("list")
@json_option
def list_areas(as_json: bool) -> None:
    """Danh sách địa bàn. / Every area."""
    with office() as desk, desk.store.read() as uow:
        rows = [
            {name: getattr(row, name) for name in COLUMNS if name != "outlined"} | {"outlined": bool(row.outline)}
            for row in uow.areas.all()
        ]
    show(rows, COLUMNS, as_json=as_json)


@areas.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--province", default="", help="Chỉ lấy tỉnh có mã này. / Only areas of this province code.")
@click.option(
    "--others", is_flag=True, help="Giữ cả tỉnh khác để chỉ đường. / Keep other provinces' too, as not served."
)
@dry_run_option
@json_option
def import_file(file: Path, province: str, others: bool, dry_run: bool, as_json: bool) -> None:
    """Nhập địa bàn từ GeoJSON (có thể nén gzip). / Import areas from GeoJSON, gzipped or not."""
    from handlers.importing import import_areas  # loads shapely

    with office() as desk, bar("areas") as more, desk.writing(dry_run=dry_run) as uow:
        result = import_areas(uow, file, desk.now(), province=province, others=others, progress=lambda *_: more(1))
    done(
        {"added": result.added, "changed": result.changed},
        f"Thêm {result.added}, sửa {result.changed} địa bàn.",
        f"{result.added} areas added, {result.changed} changed.",
        as_json=as_json,
        dry_run=dry_run,
    )


@areas.command()
@click.argument("lat", type=click.FloatRange(-90, 90))
@click.argument("lon", type=click.FloatRange(-180, 180))
@json_option
def locate(lat: float, lon: float, as_json: bool) -> None:
    """Điểm LAT LON thuộc địa bàn nào. / In which area the point LAT LON lies."""
    from handlers.knowledge import Knowledge
    from storage.law import Laws
    from storage.seeding import Lookout

    with office() as desk, desk.store.read() as uow:
        knowledge = Knowledge(desk.now, Laws(), Lookout())
        found = knowledge.locate(uow, lat, lon)
    result = {
        "kind": found.kind,
        "areas": [area.code for area in found.areas],
        "names": [area.names.vi for area in found.areas],
        "served_by": found.served_by.vi if found.served_by else None,
    }
    if as_json:
        dump(result)
        return
    headings = {"kind": "Kết quả/Result", "areas": "Mã/Codes", "names": "Tên/Names", "served_by": "Do/By"}
    facts(result, headings, as_json=False)
