"""Judges one file alone, in a process that may do nothing else.

Run as a program without environment: the file comes by standard input; a line of JSON and, of a
picture, a JPEG of bare pixels leave by standard output. Whatever a file does to its decoder stays
in here: no file and no connection can be opened, memory and time are bounded, and a process that
was started by root has put that aside. A PDF is walked, never rendered, and leaves as it came.
"""

import json
import os
import resource
import sys
import zlib
from io import BytesIO
from typing import Any, Final

import pikepdf
from PIL import Image, ImageOps, MpoImagePlugin, TiffImagePlugin, WebPImagePlugin

LOADED: Final = (MpoImagePlugin, TiffImagePlugin, WebPImagePlugin)
"""What reading a photograph needs is loaded before: later no file can be opened."""
PICTURES: Final = ("JPEG", "PNG", "WEBP")
MOST_PIXELS: Final = 40_000_000
"""OWASP ASVS 5.2.6, pixel floods."""
LONGEST_SIDE: Final = 2600
"""A page of A4 at 220 dots an inch: small print stays readable (proposed)."""
MOST_UNREDUCED: Final = 40_000_000
"""Bytes of pixels up to which a picture is drawn at its best; above, it is halved first."""
MOST_MEMORY: Final = 256 * 1024 * 1024
"""Of what the process takes for itself (promise S8)."""
MOST_ADDRESSES: Final = 1024 * 1024 * 1024
MOST_SECONDS: Final = 10
MOST_PAGES: Final = 500
MOST_OBJECTS: Final = 50_000
MOST_INFLATED: Final = 256 * 1024 * 1024
"""Bytes that all parts of a PDF unpack to: a bomb is a million times its size (proposed)."""
NOBODY: Final = 65534
ARCHIVE_MARKS: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x06\x06")
FARTHEST_END: Final = 65_557 + 1024
"""Bytes from the last in which a reader of archives looks for their end: behind it stands a comment
of 65,535 bytes at most (APPNOTE 6.3.10, 4.3.16), and some readers are generous."""
SHORT_NAMES: Final = {
    "/AHx": "/ASCIIHexDecode", "/A85": "/ASCII85Decode", "/Fl": "/FlateDecode",
    "/LZW": "/LZWDecode", "/RL": "/RunLengthDecode", "/CCF": "/CCITTFaxDecode",
    "/DCT": "/DCTDecode",
}  # fmt: skip
"""Readers know filters by these names too (ISO 32000-1, table 94)."""
SPELLING: Final = ("/ASCIIHexDecode", "/ASCII85Decode")
PACKING: Final = {"/FlateDecode": 1, "/LZWDecode": 1000, "/RunLengthDecode": 64}
"""What packs, and how many times at most; the first is unpacked to be counted."""
DRAWING: Final = ("/DCTDecode", "/CCITTFaxDecode", "/JBIG2Decode", "/JPXDecode")

ACTIVE_KEYS: Final = frozenset({"/JS", "/AA", "/EmbeddedFiles", "/EF", "/XFA", "/RichMediaContent"})
ACTIVE_ACTIONS: Final = frozenset(
    {
        "/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/Rendition",
        "/Movie", "/Sound", "/RichMediaExecute", "/GoTo3DView", "/Trans", "/Hide", "/SetOCGState",
    }
)  # fmt: skip
ACTIVE_SUBTYPES: Final = frozenset(
    {"/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"}
)
ACTIVE_TYPES: Final = frozenset({"/EmbeddedFile"})


class RefusedError(Exception):
    """Why a file is not taken, as a word of `judge.Refused`."""


def confine() -> None:
    """Bound memory and time, open nothing any more, start nothing, be nobody."""
    Image.preinit()
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_ADDRESSES, MOST_ADDRESSES))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def judge(sent: bytes) -> tuple[dict[str, object], bytes]:
    """Return what a file is and the picture drawn anew, empty of a PDF; RefusedError otherwise."""
    if sent.startswith(b"%PDF-"):
        return judge_pdf(sent), b""
    return draw(sent)


def draw(sent: bytes) -> tuple[dict[str, object], bytes]:
    """Draw a picture anew: its pixels are all that is kept of it."""
    Image.MAX_IMAGE_PIXELS = None
    try:
        with Image.open(BytesIO(sent), formats=PICTURES) as image:
            if image.width * image.height > _most_pixels(image):
                raise RefusedError("too_many_pixels")
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            image.load()
            upright = ImageOps.exif_transpose(_smaller(image))
    except MemoryError:
        raise RefusedError("too_many_pixels") from None
    except (OSError, ValueError, SyntaxError, EOFError):
        raise RefusedError("not_a_document") from None
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    bare = Image.new("RGB", upright.size, "white")
    shown = upright.convert("RGBA")
    bare.paste(shown, mask=shown.getchannel("A"))
    drawn = BytesIO()
    bare.save(drawn, "JPEG", quality=85)
    said = {"media": "image/jpeg", "width": bare.width, "height": bare.height, "pages": 1}
    return said, drawn.getvalue()


def _most_pixels(image: Image.Image) -> int:
    """Return how many pixels are taken: fewer where the decoder needs more memory for each."""
    if image.format == "WEBP":
        return MOST_PIXELS // 3
    return MOST_PIXELS if image.mode in ("RGB", "L", "YCbCr", "P", "1") else MOST_PIXELS // 2


def _smaller(image: Image.Image) -> Image.Image:
    """Return a picture near the size that is kept, before anything doubles it in memory."""
    heavy = image.width * image.height * len(image.getbands()) > MOST_UNREDUCED
    times = -(-max(image.size) // LONGEST_SIDE) if heavy else 1
    if times < 2 or image.mode in ("P", "1"):
        return image
    small = image.reduce(times)
    small.info = image.info
    return small


def judge_pdf(sent: bytes) -> dict[str, object]:
    """Return what a PDF is, as long as it holds nothing but pages."""
    tail = sent[-FARTHEST_END:]
    if any(mark in tail for mark in ARCHIVE_MARKS) or _after_the_end(sent):
        raise RefusedError("two_in_one")
    try:
        with pikepdf.open(BytesIO(sent), attempt_recovery=False, suppress_warnings=True) as pdf:
            if pdf.is_encrypted:
                raise RefusedError("locked")
            pages = len(pdf.pages)
            if not 1 <= pages <= MOST_PAGES or len(pdf.objects) > MOST_OBJECTS:
                raise RefusedError("too_much_inside")
            _walk(pdf)
    except pikepdf.PasswordError:
        raise RefusedError("locked") from None
    except pikepdf.PdfError:
        raise RefusedError("not_readable") from None
    return {"media": "application/pdf", "width": None, "height": None, "pages": pages}


def _after_the_end(sent: bytes) -> bool:
    """Whether something follows the last end of a PDF: another file, for another reader."""
    at = sent.rfind(b"%%EOF")
    return at < 0 or bool(sent[at + 5 :].strip(b"\r\n\t \x00\x1a"))


def _walk(pdf: pikepdf.Pdf) -> None:
    inflated = 0
    for one in pdf.objects:
        _look(one, 0)
        if isinstance(one, pikepdf.Stream):
            inflated += _unpacked(one, MOST_INFLATED - inflated)
    if isinstance(pdf.Root.get("/OpenAction"), pikepdf.Dictionary):
        _look(pdf.Root.OpenAction, 0)


def _look(one: Any, depth: int) -> None:
    """Refuse whatever acts, asks elsewhere or carries another file, in one object."""
    if depth > 60:
        raise RefusedError("too_much_inside")
    if isinstance(one, pikepdf.Array):
        for inner in one:
            if not _is_elsewhere(inner):
                _look(inner, depth + 1)
        return
    if not isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
        return
    for key, value in one.items():
        if key in ACTIVE_KEYS or _acts(key, value):
            raise RefusedError("active")
        if not _is_elsewhere(value):
            _look(value, depth + 1)


def _acts(key: str, value: Any) -> bool:
    names = {"/S": ACTIVE_ACTIONS, "/Subtype": ACTIVE_SUBTYPES, "/Type": ACTIVE_TYPES}.get(key)
    return names is not None and isinstance(value, pikepdf.Name) and str(value) in names


def _is_elsewhere(value: Any) -> bool:
    """Whether an object stands by itself, and is therefore looked at by itself."""
    return isinstance(value, pikepdf.Object) and value.is_indirect


def _unpacked(stream: pikepdf.Stream, most: int) -> int:
    """Return how many bytes a packed part holds, without keeping them."""
    filters, raw = _filters(stream), bytes(stream.read_raw_bytes())
    if len(filters) > 1 and filters[0] in SPELLING:
        raw = _spelt(raw, filters.pop(0))
    if filters[:1] != ["/FlateDecode"]:
        return len(raw) * PACKING.get(filters[0] if filters else "", 1)
    engine, left, size = zlib.decompressobj(), raw, 0
    try:
        while left and not engine.eof:
            size += len(engine.decompress(left, 1024 * 1024))
            left = engine.unconsumed_tail
            if size > most:
                raise RefusedError("too_much_inside")
    except zlib.error:
        raise RefusedError("not_readable") from None
    return size


def _filters(stream: pikepdf.Stream) -> list[str]:
    """Return the filters of a part, as programs set them: spelt, packed, drawn, each once at most.

    In any other order, twice, or by a name that is not known, nobody can say what they make.
    """
    named = stream.get("/Filter")
    given = list(named) if isinstance(named, pikepdf.Array) else [named] if named else []
    filters = [SHORT_NAMES.get(str(one), str(one)) for one in given]
    left = filters
    for kinds in (SPELLING, PACKING, DRAWING):
        left = left[1:] if left and left[0] in kinds else left
    if left:
        raise RefusedError("too_much_inside")
    return filters


def _spelt(raw: bytes, how: str) -> bytes:
    """Return what letters spell: four times as much at most."""
    with pikepdf.new() as apart:
        alone = pikepdf.Stream(apart, b"")
        alone.write(raw, filter=pikepdf.Name(how))
        return alone.read_bytes()


def main() -> int:
    """Judge what comes in and write what it is."""
    confine()
    try:
        said, picture = judge(sys.stdin.buffer.read())
    except RefusedError as refused:
        said, picture = {"refused": str(refused)}, b""
    sys.stdout.buffer.write(json.dumps(said).encode() + b"\n" + picture)
    return 0


if __name__ == "__main__":
    sys.exit(main())
