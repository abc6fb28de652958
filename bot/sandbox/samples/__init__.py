"""Sample pictures, a voice message, a short video and places, all made for the sandbox."""

from pathlib import Path

from bot.sandbox.call import Upload
from bot.sandbox.errors import ActError
from bot.sandbox.store import Json

FOLDER = Path(__file__).parent
# name: file, mime type, kind, Vietnamese label, English label
FILES = {
    "lamp": ("lamp.jpg", "image/jpeg", "photo", "Đèn đường không sáng", "Street lamp is dark"),
    "pothole": ("pothole.jpg", "image/jpeg", "photo", "Ổ gà trên đường", "Pothole"),
    "rubbish": ("rubbish.jpg", "image/jpeg", "photo", "Đống rác ven đường", "Rubbish heap"),
    "tree": ("tree.jpg", "image/jpeg", "photo", "Cây đổ chắn lối", "Fallen tree"),
    "lamp-after": ("lamp-after.jpg", "image/jpeg", "photo", "Đèn đã sửa (sau)", "Lamp mended (after)"),
    "pothole-gps": (
        "pothole-gps.jpg",
        "image/jpeg",
        "document",
        "Ổ gà, tệp có tọa độ",
        "Pothole, file with GPS",
    ),
    "video": ("video.mp4", "video/mp4", "video", "Video ngắn", "Short video"),
    "voice": ("voice.oga", "audio/ogg", "voice", "Tin nhắn thoại", "Voice message"),
    "voice-zalo": ("voice.amr", "audio/amr", "voice", "Tin nhắn thoại", "Voice message"),  # two seconds of silence
    "sticker": ("sticker.webp", "image/webp", "sticker", "Nhãn dán", "Sticker"),
}
# Vietnamese label, English label, latitude, longitude. The first three lie in areas whose agency has a group on
# Telegram in the sandbox, the fourth in one whose agency has a group on Zalo, the last outside.
PLACES = (
    ("Phường An Cựu", "An Cuu ward", 16.4575, 107.6227),
    ("Phường Vỹ Dạ", "Vy Da ward", 16.4815, 107.6245),
    ("Đại Nội Huế", "Imperial City", 16.4698, 107.5777),
    ("Trung tâm Huế", "Centre of Hue", 16.4637, 107.5909),
    ("Đà Nẵng (ngoài địa bàn)", "Da Nang (outside)", 16.0678, 108.2208),
)


def upload(name: str) -> Upload:
    """A sample as if it had been sent from a phone. Raises ActError for an unknown name."""
    if name not in FILES:
        raise ActError(f"no such sample: {name}; there are {', '.join(FILES)}")
    file, mime = FILES[name][:2]
    return Upload(file, mime, (FOLDER / file).read_bytes())


def listed() -> Json:
    """Samples and places for the page."""
    return {
        "files": [{"name": n, "kind": k, "vi": vi, "en": en} for n, (_, _, k, vi, en) in FILES.items()],
        "places": [{"vi": vi, "en": en, "lat": lat, "lon": lon} for vi, en, lat, lon in PLACES],
    }
