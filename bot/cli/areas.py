"""`areas`: the communes and wards that the bot knows, with their outlines."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from bot.cli.office import beginning_of, office
from bot.cli.out import bar, done, dry_run_option, dump, facts, imported, json_option, say, show
from bot.cli.typed import Day, Degrees, Words

COLUMNS = {
    "code": "Mã/Code",
    "vi": "Tên/Name",
    "en": "English",
    "province": "Tỉnh/Province",
    "lat": "Vĩ độ/Lat",
    "lon": "Kinh độ/Lon",
    "served": "Phục vụ/Served",
    "outlined": "Ranh giới/Outline",
    "valid_from": "Từ/From",
    "valid_until": "Đến/Until",
    "successors": "Nay là/Became",
}
ALIASES = {"name": "Tên/Name", "areas": "Mã/Codes"}
FOUND = {"code": "Mã/Code", "name": "Tên/Name", "formerly": "Tên cũ/Old name"}


@click.group()
def areas() -> None:
    """Xã, phường, đặc khu và ranh giới. / Communes, wards and their outlines."""


@areas.command("list")
@click.option("--all", "everything", is_flag=True, help="Kể cả đơn vị đã thay đổi. / Those that are no more, too.")
@json_option
def list_areas(everything: bool, as_json: bool) -> None:
    """Danh sách địa bàn. / Every area."""
    from handlers.areas import listed

    with office() as desk, desk.store.read() as uow:
        rows = listed(uow, None if everything else desk.now())
    show(rows, COLUMNS, as_json=as_json, zone=desk.settings.province.zone)


@areas.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--province", default="", help="Chỉ lấy tỉnh có mã này. / Only areas of this province code.")
@click.option(
    "--others", is_flag=True, help="Giữ cả tỉnh khác để chỉ đường. / Keep other provinces' too, as not served."
)
@click.option("--from", "since", type=Day(), help="Tên, ranh giới có từ ngày này. / From when this file holds.")
@dry_run_option
@json_option
def import_file(file: Path, province: str, others: bool, since: date | None, dry_run: bool, as_json: bool) -> None:
    """Nhập địa bàn từ GeoJSON (có thể nén gzip). / Import areas from GeoJSON, gzipped or not."""
    from handlers.importing_areas import import_areas  # loads shapely
    from handlers.sample_areas import left

    with office() as desk, bar("areas") as more, desk.writing(dry_run=dry_run) as uow:
        result = import_areas(
            uow,
            file,
            desk.now(),
            province=province,
            others=others,
            since=beginning_of(since) if since else None,
            progress=lambda *_: more(1),
        )
        sample = len(left(uow, desk.now()))
    vi, en = (
        f"Thêm {result.added}, sửa {result.changed} địa bàn.",
        f"{result.added} areas added, {result.changed} changed.",
    )
    if sample:
        vi = f"{vi} Còn {sample} địa bàn mẫu, có thể chồng lên địa bàn đã nhập; hãy chạy areas retire-sample."
        en = f"{en} {sample} areas of the sample still stand and may overlap them; run areas retire-sample."
    done({"added": result.added, "changed": result.changed, "sample": sample}, vi, en, as_json=as_json, dry_run=dry_run)


@areas.command()
@click.argument("code")
@click.option("--on", type=Day(), required=True, help="Ngày không còn nữa. / The first day without it.")
@click.option("--successor", "successors", multiple=True, help="Mã đơn vị kế tiếp; lặp lại được. / What it became.")
@dry_run_option
def retire(code: str, on: date, successors: tuple[str, ...], dry_run: bool) -> None:
    """Địa bàn CODE hết hiệu lực từ một ngày. / The area CODE is no more from a day on."""
    from handlers.areas import retire_area

    with office() as desk, desk.writing(dry_run=dry_run) as uow:
        routes = retire_area(uow, code, beginning_of(on), successors, desk.now())
    vi, en = f"{code} hết hiệu lực từ {on:%d/%m/%Y}.", f"{code} is no more from {on:%d/%m/%Y}."
    if routes:
        numbers = ", ".join(map(str, routes))
        vi, en = f"{vi} Tuyến cần sửa: {numbers}.", f"{en} Routes to be changed: {numbers}."
    done({}, vi, en, dry_run=dry_run)


@areas.command("retire-sample")
@dry_run_option
@json_option
def retire_sample(dry_run: bool, as_json: bool) -> None:
    """Ngừng địa bàn mẫu, nhường chỗ địa bàn đã nhập. / End the sample's areas; imported ones take their place."""
    from handlers import sample_areas

    with office() as desk, desk.writing(dry_run=dry_run) as uow:
        gone = sample_areas.retire_sample(uow, desk.now())
    vi, en = f"Đã ngừng {len(gone.codes)} địa bàn mẫu.", f"{len(gone.codes)} areas of the sample are no more."
    if gone.routes:
        numbers = ", ".join(map(str, gone.routes))
        vi = f"{vi} Tuyến cần sửa: {numbers} (agencies routes list)."
        en = f"{en} Routes to be changed: {numbers} (agencies routes list)."
    done({"retired": gone.codes, "routes": gone.routes}, vi, en, as_json=as_json, dry_run=dry_run)


@areas.command()
@click.argument("words", type=Words(), nargs=-1, required=True)
@json_option
def find(words: tuple[str, ...], as_json: bool) -> None:
    """Tên này nay là địa bàn nào, kể cả tên cũ. / Which areas these words mean now, old names too."""
    from handlers.places import Places

    said = " ".join(words)
    with office() as desk, desk.store.read() as uow:
        places = Places.of(uow, desk.now(), 0)
    rows = [
        {"code": area.code, "name": area.names.vi, "formerly": area.formerly.vi if area.formerly else None}
        for area in places.named(said) or places.search(said)
    ]
    show(rows, FOUND, as_json=as_json)


@areas.group()
def aliases() -> None:
    """Tên gọi khác của địa bàn: tên cũ, tên quen. / Other names of areas: old ones, and what people say."""


@aliases.command("list")
@json_option
def list_aliases(as_json: bool) -> None:
    """Danh sách tên gọi khác. / Every other name."""
    from handlers.areas import other_names

    with office() as desk, desk.store.read() as uow:
        rows = other_names(uow)
    show(rows, ALIASES, as_json=as_json)


@aliases.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@dry_run_option
@json_option
def import_aliases(file: Path, dry_run: bool, as_json: bool) -> None:
    """Nhập tên gọi khác từ CSV (name,areas; nhiều mã cách nhau bằng ;). / Import other names from a CSV file."""
    from handlers import importing_areas

    with office() as desk, desk.writing(dry_run=dry_run) as uow:
        result = importing_areas.import_aliases(uow, file, desk.now())
    imported(result, "tên", "names", as_json=as_json, dry_run=dry_run)


@aliases.command()
@click.argument("name")
def drop(name: str) -> None:
    """Bỏ tên gọi NAME. / Forget the name NAME."""
    from handlers.areas import drop_alias

    with office() as desk, desk.writing() as uow:
        drop_alias(uow, name, desk.now())
    say(f"Đã bỏ tên {name}.", f"Forgot the name {name}.")


@areas.command()
@click.argument("lat", type=Degrees(-90, 90))
@click.argument("lon", type=Degrees(-180, 180))
@json_option
def locate(lat: float, lon: float, as_json: bool) -> None:
    """Điểm LAT LON thuộc địa bàn nào. / In which area the point LAT LON lies."""
    from handlers.places import Places

    with office() as desk, desk.store.read() as uow:
        found = Places.of(uow, desk.now(), desk.settings.places.border_m).locate(lat, lon)
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
