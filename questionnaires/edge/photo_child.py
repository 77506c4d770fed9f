"""Draws a photograph anew, alone in a process that may do nothing else.

Run as a program without environment: the picture comes by standard input; a line « width height »
and a JPEG leave by standard output. Whatever a picture does to its decoder stays in here. Status:
0 drawn, 2 no JPEG, PNG or WebP, 3 more pixels than is taken.
"""

import resource
import sys
from io import BytesIO
from typing import Final

from PIL import Image, ImageOps, MpoImagePlugin, TiffImagePlugin, WebPImagePlugin

FORMATS: Final = ("JPEG", "PNG", "WEBP")
MOST_PIXELS: Final = 40_000_000
"""OWASP ASVS 5.2.6, pixel floods; a phone of today takes 12 to 50 million (proposed)."""
LONGEST_SIDE: Final = 2048
"""Enough to judge a wound on a desk's screen (proposed)."""
MOST_MEMORY: Final = 1024 * 1024 * 1024
"""Forty million pixels in four bytes, thrice, with the interpreter itself (proposed)."""
MOST_SECONDS: Final = 10
LOADED: Final = (MpoImagePlugin, TiffImagePlugin, WebPImagePlugin)
"""What reading a photograph needs is loaded before: later no file can be opened."""
NOT_A_PICTURE: Final = 2
TOO_MANY_PIXELS: Final = 3


def confine() -> None:
    """Bound memory and time, and open no file any more."""
    Image.preinit()
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))


def draw(sent: bytes) -> tuple[int, int, bytes] | int:
    """Return width, height and a JPEG of bare pixels, or the status that says why not."""
    Image.MAX_IMAGE_PIXELS = None
    try:
        with Image.open(BytesIO(sent), formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                return TOO_MANY_PIXELS
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            bare = Image.new("RGB", upright.size, "white")
            shown = upright.convert("RGBA")
            bare.paste(shown, mask=shown.getchannel("A"))
    except (OSError, ValueError, SyntaxError, EOFError):
        return NOT_A_PICTURE
    drawn = BytesIO()
    bare.save(drawn, "JPEG", quality=85)
    return bare.width, bare.height, drawn.getvalue()


def main() -> int:
    """Draw what comes in; return the status of the process."""
    confine()
    drawn = draw(sys.stdin.buffer.read())
    if isinstance(drawn, int):
        return drawn
    width, height, picture = drawn
    sys.stdout.buffer.write(f"{width} {height}\n".encode() + picture)
    return 0


if __name__ == "__main__":
    sys.exit(main())
