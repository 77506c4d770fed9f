"""Files that mean harm, made by code: none is kept in the repository."""

import random
import struct
import zlib
from base64 import a85encode
from functools import lru_cache
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pikepdf
from PIL import Image

PLACE = b"48.8566N"
"""What the camera wrote of where it was."""


def jpeg(size: tuple[int, int] = (640, 480), colour: str = "red") -> bytes:
    """A photograph that says where it was taken, in EXIF and in a comment."""
    exif = Image.Exif()
    exif[0x010E] = PLACE.decode()
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (48.0, 51.0, 24.0)
    made = BytesIO()
    Image.new("RGB", size, colour).save(made, "JPEG", exif=exif, comment=PLACE)
    return made.getvalue()


def pdf(pages: int = 1) -> bytes:
    """An ordinary PDF."""
    made, out = pikepdf.new(), BytesIO()
    for _ in range(pages):
        made.add_blank_page()
    made.save(out, deterministic_id=True)
    return out.getvalue()


def png_bomb() -> bytes:
    """A PNG of a few bytes that says it is 30,000 by 30,000."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    body = chunk(b"IDAT", zlib.compress(bytes(100_000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + body + chunk(b"IEND", b"")


def zip_bomb() -> bytes:
    """A hundred megabytes of nothing in a hundred kilobytes."""
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        archive.writestr("nothing", bytes(100 * 1024 * 1024))
    return made.getvalue()


@lru_cache
def _packed(megabytes: int) -> bytes:
    engine = zlib.compressobj(1)
    part = bytes(1024 * 1024)
    return b"".join(engine.compress(part) for _ in range(megabytes)) + engine.flush()


def pdf_bomb(*filters: str) -> bytes:
    """A page whose content unpacks to three hundred megabytes, under whatever names."""
    return _pdf_of(_packed(300), *(filters or ("/FlateDecode",)))


def pdf_bomb_in_letters() -> bytes:
    """The same in hexadecimal: what unpacks stands behind what only spells."""
    return _pdf_of(_packed(300).hex().encode() + b">", "/ASCIIHexDecode", "/FlateDecode")


def pdf_as_printed() -> bytes:
    """What programs that print make in good faith: packed, then spelt; and a packed photograph."""
    page = a85encode(zlib.compress(b"0 0 m 9 9 l S")) + b"~>"
    return _pdf_of(page, "/ASCII85Decode", "/FlateDecode", picture=zlib.compress(jpeg()))


def _pdf_of(content: bytes, *filters: str, picture: bytes = b"") -> bytes:
    made, out = pikepdf.new(), BytesIO()
    made.add_blank_page()
    page = made.pages[0].obj
    page.Contents = made.make_indirect(pikepdf.Stream(made, b""))
    page.Contents.write(content, filter=pikepdf.Array([pikepdf.Name(one) for one in filters]))
    if picture:
        page.Thumb = made.make_indirect(pikepdf.Stream(made, b""))
        named = [pikepdf.Name.FlateDecode, pikepdf.Name.DCTDecode]
        page.Thumb.write(picture, filter=pikepdf.Array(named))
    keep = pikepdf.StreamDecodeLevel.none
    made.save(out, compress_streams=False, stream_decode_level=keep)
    return out.getvalue()


def pdf_object_bomb() -> bytes:
    """A PDF whose table of objects unpacks to three hundred megabytes by itself."""
    packed = _packed(300)
    body = (
        b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
        b"3 0 obj\n<</Type/XRef/Size 4/W[1 2 1]/Root 1 0 R/Filter/FlateDecode/Length "
        + str(len(packed)).encode()
        + b">>\nstream\n"
        + packed
        + b"\nendstream\nendobj\nstartxref\n60\n%%EOF"
    )
    at = body.index(b"3 0 obj")
    return body.replace(b"startxref\n60", b"startxref\n" + str(at).encode())


def pdf_that_acts(how: str) -> bytes:
    """A PDF with a script, with another file, or that starts a program."""
    made, out = pikepdf.new(), BytesIO()
    made.add_blank_page()
    name = pikepdf.Name
    match how:
        case "script":
            made.Root.OpenAction = pikepdf.Dictionary(S=name.JavaScript, JS="app.alert(1)")
        case "launch":
            act = pikepdf.Dictionary(S=name.Launch, F="calc.exe")
            link = pikepdf.Dictionary(Type=name.Annot, Subtype=name.Link, Rect=[0, 0, 9, 9], A=act)
            made.pages[0].obj.Annots = pikepdf.Array([made.make_indirect(link)])
        case "file":
            made.attachments["x.exe"] = pikepdf.AttachedFileSpec(made, b"MZ", filename="x.exe")
        case "next":
            after = pikepdf.Dictionary(S=name.JavaScript, JS="1")
            made.pages[0].obj.AA = pikepdf.Dictionary(O=pikepdf.Dictionary(S=name.GoTo, Next=after))
        case _:
            raise ValueError(how)
    made.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def pdf_locked() -> bytes:
    """A PDF nobody opens without its password."""
    made, out = pikepdf.new(), BytesIO()
    made.add_blank_page()
    made.save(out, encryption=pikepdf.Encryption(owner="o", user="u"))
    return out.getvalue()


def pdf_and_zip() -> bytes:
    """A PDF that another program opens as an archive."""
    made = BytesIO()
    with ZipFile(made, "w") as archive:
        archive.writestr("page.html", "<script>alert(1)</script>")
    return pdf() + made.getvalue()


def pdf_in_zip() -> bytes:
    """A whole PDF that is a whole archive too: its last part is the comment of the archive."""
    inside, out = BytesIO(), BytesIO()
    with ZipFile(inside, "w") as archive:
        archive.writestr("long", random.Random(1).randbytes(70_000))
    made = pikepdf.new()
    made.add_blank_page()
    made.pages[0].obj.Contents = made.make_indirect(pikepdf.Stream(made, inside.getvalue()))
    made.save(out, compress_streams=False)
    both = bytearray(out.getvalue())
    at = both.rindex(b"PK\x05\x06") + 20
    both[at : at + 2] = struct.pack("<H", len(both) - at - 2)
    assert ZipFile(BytesIO(both)).namelist() == ["long"]
    return bytes(both)


SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
HTML = b"<!doctype html><script>alert(1)</script>%PDF-1.7"
