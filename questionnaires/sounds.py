"""Spoken questions: a recording of a text, carried inside the questionnaire itself. Pure.

In the standard place (SDC item media, https://hl7.org/fhir/uv/sdc/STU4/), with the bytes in the
file: an edition stays one whole, a pinned one keeps its sound, and a phone plays it without a
network. SDC gives an item one medium; Chevet takes one a language.
"""

from base64 import b64decode
from collections.abc import Callable
from typing import Any, Final

from questionnaires import extensions as ext
from questionnaires.fhir_reading import Reader, is_language
from questionnaires.outside import Fault
from questionnaires.wire import Json

MOST_BYTES: Final = 60_000
"""Of one sound (proposed: twenty seconds of speech at 24 kbit/s)."""
MOST_BYTES_IN_ALL: Final = 600_000
"""Of all sounds of a questionnaire, which a phone keeps for the day (proposed)."""
_ELEMENTS: Final = frozenset({"contentType", "language", "data", "title", "size"})
_IS: Final[dict[str, Callable[[bytes], bool]]] = {
    "audio/mpeg": lambda begun: begun[:3] == b"ID3" or begun[:2] >= b"\xff\xe0",
    "audio/ogg": lambda begun: begun[:4] == b"OggS",
    "audio/mp4": lambda begun: begun[4:8] == b"ftyp",
    "audio/wav": lambda begun: begun[:4] == b"RIFF" and begun[8:12] == b"WAVE",
}
"""How the first twelve bytes of each kind begin."""


def sounds_of(reader: Reader, here: Json, path: str, *, asked: bool) -> dict[str, str]:
    """Return the sounds of an item as data addresses, by language; what does not fit is noted."""
    found: dict[str, str] = {}
    for place, extension in reader.objects(here, "extension", path):
        if extension.get("url") != ext.MEDIA:
            continue
        reader.only(extension, place, frozenset({"url", "valueAttachment"}))
        attachment = extension.get("valueAttachment")
        language = attachment.get("language") if isinstance(attachment, dict) else None
        address = _address(attachment) if isinstance(attachment, dict) else None
        if not asked or address is None or not is_language(language) or language in found:
            reader.note(place, Fault.BAD_SOUND, language or "")
        else:
            found[str(language)] = address
    return found


def _address(attachment: dict[str, Any]) -> str | None:
    """Return an attachment as a data address, None when it is no sound that is taken."""
    kind, data = attachment.get("contentType"), attachment.get("data")
    if set(attachment) - _ELEMENTS or kind not in _IS or not isinstance(data, str):
        return None
    try:
        sound = b64decode(data, validate=True)
    except ValueError:
        return None
    if not 12 <= len(sound) <= MOST_BYTES or not _IS[kind](sound[:12]):
        return None
    return f"data:{kind};base64,{data}"


def weight(address: str) -> int:
    """Return about how many bytes a sound has."""
    return len(address.partition(",")[2]) * 3 // 4
