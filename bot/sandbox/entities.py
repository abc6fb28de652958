"""Formatted text: the Bot API's HTML in, text with entities in UTF-16 units out, and back to safe HTML."""

import html
import re
from dataclasses import dataclass, field
from itertools import pairwise

from bot.sandbox.errors import ApiError, bad
from bot.sandbox.store import Json

# Bot API, "Formatting options": every tag not named here makes the whole call fail.
TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
CHARACTERS = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
START_TAG = re.compile(r"<([a-zA-Z][a-zA-Z0-9-]*)((?:\s+[a-zA-Z-]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'>]+))?)*)\s*>")
END_TAG = re.compile(r"</\s*([a-zA-Z0-9-]*)\s*>")
ATTRIBUTE = re.compile(r"([a-zA-Z-]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
REFERENCE = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-z]+));?")
# What the platform marks by itself in plain text; the first kind that matches a stretch keeps it.
DETECTED = (
    ("url", re.compile(r"\bhttps?://[^\s<>\"]+[^\s<>\".,;:!?)\]]")),
    ("email", re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("bot_command", re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])")),
    ("mention", re.compile(r"(?<!\w)@[A-Za-z][A-Za-z0-9_]{3,31}\b")),
    ("hashtag", re.compile(r"(?<!\w)#\w*[^\W\d]\w*")),
)
ENTITY_LIMIT = 100
LINK = re.compile(r"(https?|tg|mailto|tel):", re.IGNORECASE)
SHOWN = {
    "bold": ("<b>", "</b>"),
    "italic": ("<i>", "</i>"),
    "underline": ("<u>", "</u>"),
    "strikethrough": ("<s>", "</s>"),
    "spoiler": ('<span class="spoiler">', "</span>"),
    "code": ("<code>", "</code>"),
    "pre": ("<pre>", "</pre>"),
    "blockquote": ("<blockquote>", "</blockquote>"),
    "expandable_blockquote": ("<blockquote>", "</blockquote>"),
    "mention": ('<span class="mention">', "</span>"),
    "hashtag": ('<span class="hashtag">', "</span>"),
}


def utf16(text: str) -> int:
    """Length as the platform counts: UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass
class _Open:
    tag: str
    attributes: dict[str, str]
    offset: int


@dataclass
class _Parser:
    source: str
    text: list[str] = field(default_factory=list)
    length: int = 0
    stack: list[_Open] = field(default_factory=list)
    entities: list[Json] = field(default_factory=list)

    def add(self, piece: str) -> None:
        self.text.append(piece)
        self.length += utf16(piece)

    def refuse(self, words: str, at: int) -> ApiError:
        return bad(f"can't parse entities: {words} at byte offset {len(self.source[:at].encode())}")

    def start(self, match: re.Match[str]) -> None:
        tag = match[1].lower()
        if tag not in TAGS:
            raise self.refuse(f'Unsupported start tag "{tag}"', match.start())
        found = ATTRIBUTE.findall(match[2])
        attributes = {name.lower(): html.unescape(a or b or c) for name, a, b, c in found}
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise self.refuse('Tag "span" must have class "tg-spoiler"', match.start())
        self.stack.append(_Open(tag, attributes, self.length))

    def end(self, match: re.Match[str]) -> None:
        found = match[1].lower()
        if not self.stack:
            raise self.refuse("Unexpected end tag", match.start())
        opened = self.stack.pop()
        if found not in ("", opened.tag):
            words = f'Unmatched end tag, expected "</{opened.tag}>", found "</{found}>"'
            raise self.refuse(words, match.start())
        self.close(opened)

    def close(self, opened: _Open) -> None:
        length = self.length - opened.offset
        entity: Json = {"type": TAGS[opened.tag], "offset": opened.offset, "length": length}
        match opened.tag:
            case "a":
                url = opened.attributes.get("href", "")
                if not LINK.match(url):
                    return
                entity["url"] = url
            case "tg-emoji":
                entity["custom_emoji_id"] = opened.attributes.get("emoji-id", "")
            case "blockquote" if "expandable" in opened.attributes:
                entity["type"] = "expandable_blockquote"
            case "code" if self.stack and self.stack[-1].tag == "pre":
                language = opened.attributes.get("class", "").removeprefix("language-")
                self.stack[-1].attributes["language"] = language
                return
            case "pre" if opened.attributes.get("language"):
                entity["language"] = opened.attributes["language"]
        if length:
            self.entities.append(entity)


def parse_html(source: str) -> tuple[str, list[Json]]:
    """Text and entities of HTML as the Bot API reads it. Raises ApiError 400 with the platform's words."""
    parser, at = _Parser(source), 0
    while at < len(source):
        if source[at] == "<":
            at = _tag(parser, at)
        elif source[at] == "&":
            at = _reference(parser, at)
        else:
            stop = next((i for i in range(at, len(source)) if source[i] in "<&"), len(source))
            parser.add(source[at:stop])
            at = stop
    if parser.stack:
        raise bad(f"can't parse entities: Can't find end tag corresponding to start tag \"{parser.stack[-1].tag}\"")
    ordered = sorted(parser.entities, key=lambda e: (e["offset"], -e["length"]))
    return trim("".join(parser.text), ordered)


def _tag(parser: _Parser, at: int) -> int:
    if match := END_TAG.match(parser.source, at):
        parser.end(match)
    elif match := START_TAG.match(parser.source, at):
        parser.start(match)
    else:
        name = re.match(r"<([^\s>]*)", parser.source[at:])
        raise parser.refuse(f'Unsupported start tag "{name[1] if name else ""}"', at)
    return match.end()


def _reference(parser: _Parser, at: int) -> int:
    match = REFERENCE.match(parser.source, at)
    character = None
    if match is not None:
        number = int(match[1]) if match[1] else int(match[2], 16) if match[2] else 0
        whole = 0 < number < 0xD800 or 0xDFFF < number < 0x110000
        character = chr(number) if whole else CHARACTERS.get(match[3] or "")
    if match is None or character is None:
        parser.add("&")
        return at + 1
    parser.add(character)
    return match.end()


def trim(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Cut white space at both ends, as the platform does, and move the entities along."""
    cut = utf16(text) - utf16(text.lstrip())
    text = text.strip()
    length, kept = utf16(text), []
    for entity in entities:
        begin = max(entity["offset"] - cut, 0)
        end = min(entity["offset"] + entity["length"] - cut, length)
        if end > begin:
            kept.append({**entity, "offset": begin, "length": end - begin})
    return text, kept[:ENTITY_LIMIT]


def detect(text: str, entities: list[Json]) -> list[Json]:
    """Add what the platform recognises by itself: links, addresses, commands, mentions, hashtags."""
    taken = [(e["offset"], e["offset"] + e["length"]) for e in entities if e["type"] in ("code", "pre", "text_link")]
    found = list(entities)
    for kind, pattern in DETECTED:
        for match in pattern.finditer(text):
            begin = utf16(text[: match.start()])
            end = begin + utf16(match[0])
            if all(end <= a or begin >= b for a, b in taken):
                taken.append((begin, end))
                found.append({"type": kind, "offset": begin, "length": end - begin})
    return sorted(found, key=lambda e: (e["offset"], -e["length"]))[:ENTITY_LIMIT]


def to_html(text: str, entities: list[Json]) -> str:
    """Safe HTML for the page: everything from people escaped, only tags made here."""
    units = text.encode("utf-16-le", "surrogatepass")
    spans = sorted(entities, key=lambda e: (e["offset"], -e["length"]))
    edges = {0, len(units) // 2}
    for span in spans:
        edges |= {span["offset"], span["offset"] + span["length"]}
    marks = sorted(edges)
    out: list[str] = []
    open_spans: list[Json] = []
    for begin, end in pairwise(marks):
        piece = units[begin * 2 : end * 2].decode("utf-16-le", "replace")
        wanted = [s for s in spans if s["offset"] <= begin and end <= s["offset"] + s["length"]]
        same = next((i for i, (a, b) in enumerate(zip(open_spans, wanted, strict=False)) if a is not b), None)
        keep = min(len(open_spans), len(wanted)) if same is None else same
        out += [_shown(s, units)[1] for s in reversed(open_spans[keep:])]
        out += [_shown(s, units)[0] for s in wanted[keep:]]
        out.append(html.escape(piece))
        open_spans = wanted
    out += [_shown(s, units)[1] for s in reversed(open_spans)]
    return "".join(out)


def _shown(entity: Json, units: bytes) -> tuple[str, str]:
    kind, begin = entity["type"], entity["offset"]
    covered = units[begin * 2 : (begin + entity["length"]) * 2].decode("utf-16-le", "replace")
    if kind in ("url", "text_link"):
        url = str(entity.get("url", covered))
        if not LINK.match(url):
            return "", ""
        return f'<a href="{html.escape(url)}" target="_blank" rel="noopener noreferrer">', "</a>"
    if kind == "bot_command":
        return f'<button type="button" class="command" data-command="{html.escape(covered)}">', "</button>"
    return SHOWN.get(kind, ("", ""))
