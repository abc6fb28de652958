"""Draws the sample photos (`python -m bot.sandbox.samples.draw`); the drawings are ours and show nobody."""

import random
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

FOLDER = Path(__file__).parent
SIZE = (1024, 768)
# A point in the ward of An Cựu in Huế, written into the file that has coordinates.
GPS_LATITUDE, GPS_LONGITUDE = (16.0, 27.0, 27.0), (107.0, 37.0, 21.7)
Colour = tuple[int, int, int]


def mixed(one: Colour, other: Colour, part: float) -> Colour:
    return (
        int(one[0] + (other[0] - one[0]) * part),
        int(one[1] + (other[1] - one[1]) * part),
        int(one[2] + (other[2] - one[2]) * part),
    )


def shaded(colour: Colour, shade: int) -> Colour:
    red, green, blue = (max(0, min(255, part + shade)) for part in colour)
    return red, green, blue


def sky(top: Colour, bottom: Colour, horizon: int) -> Image.Image:
    """A picture whose upper part fades from `top` to `bottom`."""
    picture = Image.new("RGB", SIZE, bottom)
    draw = ImageDraw.Draw(picture)
    for y in range(horizon):
        draw.line([(0, y), (SIZE[0], y)], mixed(top, bottom, y / horizon))
    return picture


def grain(picture: Image.Image, seed: int, box: tuple[int, int, int, int], colour: Colour, count: int) -> None:
    """Speckles, so that roads and walls are not flat."""
    draw, chance = ImageDraw.Draw(picture), random.Random(seed)
    for _ in range(count):
        x, y = chance.randint(box[0], box[2]), chance.randint(box[1], box[3])
        shade = chance.randint(-14, 14)
        draw.ellipse([x, y, x + 2, y + 1], shaded(colour, shade))


def houses(picture: Image.Image, seed: int, base: int, wall: Colour, window: Colour) -> None:
    """A row of narrow town houses."""
    draw, chance, x = ImageDraw.Draw(picture), random.Random(seed), -20
    while x < SIZE[0]:
        width, height = chance.randint(90, 150), chance.randint(150, 290)
        shade = chance.randint(-18, 18)
        paint = shaded(wall, shade)
        draw.rectangle([x, base - height, x + width, base], paint)
        eaves = base - height
        draw.polygon([(x - 6, eaves), (x + width + 6, eaves), (x + width // 2, eaves - 34)], (96, 58, 48))
        for floor in range(base - height + 24, base - 60, 64):
            for side in (x + 16, x + width - 46):
                lit = window if chance.random() < 0.55 else mixed(wall, (0, 0, 0), 0.5)
                draw.rectangle([side, floor, side + 30, floor + 36], lit, (40, 40, 44), 2)
        x += width + 4


def street(picture: Image.Image, top: int, asphalt: Colour, kerb: Colour, line: Colour) -> None:
    """A road seen from the pavement, narrowing to the back."""
    draw = ImageDraw.Draw(picture)
    draw.rectangle([0, top, *SIZE], kerb)
    draw.polygon([(300, top), (740, top), (1180, SIZE[1]), (-180, SIZE[1])], asphalt)
    for step in range(6):
        near, far = top + 24 + step * 66, top + 56 + step * 76
        wide = 4 + step * 2
        draw.polygon([(520 - wide, near), (520 + wide, near), (520 + wide + 3, far), (520 - wide - 3, far)], line)
    grain(picture, 5, (0, top, SIZE[0], SIZE[1]), asphalt, 2600)


def lamp_post(picture: Image.Image, metal: Colour, head: Colour) -> tuple[int, int]:
    """A lamp post; gives the place of its head."""
    draw = ImageDraw.Draw(picture)
    draw.rectangle([246, 150, 262, 600], metal)
    draw.rectangle([234, 590, 274, 616], metal)
    draw.line([(254, 154), (300, 112), (392, 104)], metal, 10, joint="curve")
    draw.polygon([(372, 92), (452, 98), (446, 122), (372, 114)], head, (30, 30, 34))
    return 412, 112


def lamp(lit: bool) -> Image.Image:
    """The same street at night, dark or with the lamp mended."""
    picture = sky((10, 14, 34), (34, 40, 66), 430) if not lit else sky((16, 22, 48), (54, 58, 84), 430)
    houses(picture, 11, 440, (50, 50, 64) if not lit else (86, 80, 84), (206, 172, 96))
    dim = (38, 40, 48) if not lit else (86, 82, 78)
    street(
        picture,
        440,
        dim,
        (46, 46, 52) if not lit else (104, 98, 90),
        (92, 92, 92) if not lit else (196, 190, 170),
    )
    x, y = lamp_post(picture, (26, 27, 32) if not lit else (60, 60, 64), (58, 58, 64) if not lit else (255, 244, 196))
    if lit:
        glow = Image.new("L", SIZE, 0)
        draw = ImageDraw.Draw(glow)
        draw.polygon([(x - 30, y), (x + 40, y), (x + 330, 768), (x - 330, 768)], 86)
        draw.ellipse([x - 90, y - 70, x + 90, y + 90], 190)
        warm = Image.new("RGB", SIZE, (255, 226, 150))
        picture.paste(warm, (0, 0), glow.filter(ImageFilter.GaussianBlur(34)))
    return picture.filter(ImageFilter.GaussianBlur(1.1))


def pothole() -> Image.Image:
    picture = sky((176, 204, 226), (224, 232, 236), 300)
    houses(picture, 3, 330, (212, 190, 150), (92, 118, 140))
    street(picture, 330, (110, 110, 112), (168, 160, 148), (226, 224, 214))
    draw, chance = ImageDraw.Draw(picture), random.Random(8)
    for scale, colour in (
        (1.0, (84, 82, 80)),
        (0.86, (58, 54, 52)),
        (0.66, (70, 78, 84)),
        (0.5, (112, 128, 138)),
    ):
        rim = [
            (560 + dx * scale * chance.uniform(0.93, 1.07), 590 + dy * scale * chance.uniform(0.93, 1.07))
            for dx, dy in (
                (-210, 0),
                (-150, -52),
                (-20, -74),
                (120, -60),
                (206, -6),
                (150, 56),
                (10, 76),
                (-140, 54),
            )
        ]
        draw.polygon(rim, colour)
    for _ in range(46):
        x, y = chance.randint(330, 800), chance.randint(520, 690)
        size = chance.randint(3, 11)
        draw.ellipse([x, y, x + size, y + size * 0.7], (128, 122, 116), (84, 80, 76))
    return picture.filter(ImageFilter.GaussianBlur(0.9))


def rubbish() -> Image.Image:
    picture = sky((190, 210, 222), (226, 228, 222), 260)
    draw, chance = ImageDraw.Draw(picture), random.Random(21)
    draw.rectangle([0, 200, SIZE[0], 480], (206, 188, 160))
    for y in range(200, 480, 28):
        draw.line([(0, y), (SIZE[0], y)], (182, 164, 138), 2)
        for x in range((y // 28 % 2) * 40, SIZE[0], 80):
            draw.line([(x, y), (x, y + 28)], (182, 164, 138), 2)
    draw.rectangle([0, 480, *SIZE], (150, 146, 140))
    grain(picture, 6, (0, 480, SIZE[0], SIZE[1]), (150, 146, 140), 2000)
    paints = ((40, 44, 52), (58, 62, 72), (214, 214, 208), (176, 60, 52), (52, 104, 150), (196, 168, 92))
    for row in range(5):
        for _ in range(11 - row * 2):
            spread = 330 - row * 54
            x, y = 520 + chance.randint(-spread, spread), 640 - row * 50 + chance.randint(-14, 14)
            wide, high = chance.randint(54, 92), chance.randint(46, 74)
            colour = chance.choice(paints)
            draw.ellipse([x - wide, y - high, x + wide, y + high], colour, mixed(colour, (0, 0, 0), 0.25), 3)
            top = y - high
            draw.polygon([(x - 8, top + 4), (x + 8, top + 4), (x + 14, top - 16), (x - 12, top - 14)], colour)
    for _ in range(30):
        x, y = chance.randint(150, 900), chance.randint(650, 740)
        draw.rectangle([x, y, x + chance.randint(8, 34), y + chance.randint(4, 12)], chance.choice(paints))
    return picture.filter(ImageFilter.GaussianBlur(0.9))


def tree() -> Image.Image:
    picture = sky((150, 164, 176), (204, 210, 210), 320)
    houses(picture, 17, 350, (196, 200, 186), (86, 98, 110))
    street(picture, 350, (96, 98, 102), (140, 146, 128), (206, 206, 198))
    draw, chance = ImageDraw.Draw(picture), random.Random(4)
    draw.polygon([(40, 640), (70, 700), (700, 520), (690, 486)], (92, 66, 44))
    draw.ellipse([18, 610, 96, 730], (120, 90, 60), (76, 54, 36), 5)
    for angle in range(7):
        draw.line([(40, 670), (chance.randint(-10, 60), 590 + angle * 26)], (84, 60, 40), 9)
    for _ in range(170):
        x, y = int(chance.gauss(760, 110)), int(chance.gauss(470, 78))
        size = chance.randint(18, 46)
        green = chance.randint(70, 128)
        draw.ellipse([x - size, y - size * 0.7, x + size, y + size * 0.7], (36 + green // 5, green, 44))
    for _ in range(90):
        x, y = chance.randint(420, 1000), chance.randint(560, 700)
        draw.ellipse([x, y, x + 13, y + 7], (60, chance.randint(84, 120), 48))
    return picture.filter(ImageFilter.GaussianBlur(0.9))


def with_gps() -> Image.Exif:
    """What a phone writes: when and where."""
    exif = Image.Exif()
    exif[0x0132] = "2026:11:20 07:45:10"
    exif.get_ifd(0x8769)[0x9003] = "2026:11:20 07:45:10"
    exif.get_ifd(0x8825).update({1: "N", 2: GPS_LATITUDE, 3: "E", 4: GPS_LONGITUDE})
    return exif


def sticker() -> Image.Image:
    picture = Image.new("RGBA", (512, 512), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    draw.ellipse([40, 40, 472, 472], (255, 205, 70), (214, 150, 30), 12)
    draw.ellipse([160, 180, 206, 240], (70, 50, 30))
    draw.ellipse([306, 180, 352, 240], (70, 50, 30))
    draw.arc([150, 210, 362, 390], 20, 160, (70, 50, 30), 16)
    return picture


PICTURES: dict[str, Callable[[], Image.Image]] = {
    "lamp": lambda: lamp(False),
    "lamp-after": lambda: lamp(True),
    "pothole": pothole,
    "rubbish": rubbish,
    "tree": tree,
}


def draw_all(folder: Path = FOLDER) -> None:
    """Write every picture anew; the same chance each time, so the same drawings."""
    for name, picture in PICTURES.items():
        picture().save(folder / f"{name}.jpg", quality=70, optimize=True)
    pothole().save(folder / "pothole-gps.jpg", quality=70, optimize=True, exif=with_gps())
    sticker().save(folder / "sticker.webp", quality=80)


if __name__ == "__main__":
    draw_all()
