"""The reference page of devices: characteristics, frames of makers, models, as the tables say."""

from devices.catalogue.models import Model, models
from devices.gatt.characteristics import SERVICES
from devices.gatt.engine import Field, Table
from devices.gatt.kinds import Bits, Clock, Code, Either, Float, Kind, Nibbles, Text, Whole
from devices.makers.frame import Part, Protocol
from devices.makers.library import protocols

_LEAD = """What Chevet reads and writes, from the tables in `devices/gatt`, the file
`devices/makers/frames.toml` and the file `devices/catalogue/models.toml`.
`chevet decode 2A5F 00E8F384F3` says what a frame means; a refusal says why and shows the bytes.
Reserved bits are carried along and mean nothing; a frame whose length does not match its flags is
refused whole.
"""


def devices_page(note: str) -> str:
    """Return the page; `note` says that it is generated."""
    parts = ["# Devices\n", note.strip() + "\n", _LEAD, "## Characteristics\n"]
    for code, (name, tables) in SERVICES.items():
        parts.append(f"### {name}{f' (0x{code:04X})' if code else ''}\n")
        parts += [_table(table) for table in tables]
    parts.append("## Frames of makers\n")
    parts += [_protocol(protocol) for protocol in protocols().values()]
    parts.append(_models())
    return "\n".join(parts)


def _table(table: Table) -> str:
    rows = []
    if table.flags is not None:
        rows = [
            f"| `{told.name}` | flag {told.bit}: `{told.off}` or `{told.on}` | always | |"
            for told in table.flags.told
        ]
        if table.flags.names is not None:
            rows.append(f"| `{table.flags.name}` | {8 * table.flags.octets} flags | always | |")
    rows += [
        f"| `{field.name}` | {_kind(field.kind)}{', repeated' if field.many else ''} "
        f"| {_when(field)} | {field.unit} |"
        for field in table.fields
    ]
    head = "| field | kind | there | unit |\n|---|---|---|---|\n"
    return f"**{table.name}** (`{table.code:04X}`)\n\n{head}" + "\n".join(rows) + "\n"


def _when(field: Field) -> str:
    if field.flag is not None:
        return f"bit {field.flag}"
    return " and ".join(f"by `{when.name}`" for when in field.when) or "always"


def _kind(kind: Kind) -> str:
    match kind:
        case Whole(octets=octets, step=step):
            steps = "" if step is None else f", steps of {step}"
            return f"{8 * octets} bits{', signed' if kind.signed else ''}{steps}"
        case Float(format=form):
            return form.name
        case Bits(octets=octets):
            return f"{8 * octets} flags"
        case Code():
            return "code"
        case Nibbles():
            return "two codes of 4 bits"
        case Clock():
            return "date and time"
        case Text():
            return "UTF-8"
        case Either(bit=bit, zero=zero, one=one):
            return f"{_kind(zero)}; with bit {bit}: {_kind(one)}"
        case _:
            return "bytes"


def _protocol(protocol: Protocol) -> str:
    rows = [
        f"| `{part.name}` | {_bits(part)} | {_none(part)} | {part.unit} |"
        for part in protocol.parts
    ]
    state = "verified by vectors" if protocol.verified else "unverified"
    checksum = f", checksum {protocol.checksum}" if protocol.checksum else ""
    return (
        f"**{protocol.name}** (`{protocol.id}`): {protocol.length} bytes{checksum}; {state}.\n"
        f"Source: {protocol.source}.\n\n| number | bits (byte from 0) | no value | unit |\n"
        "|---|---|---|---|\n" + "\n".join(rows) + "\n"
    )


def _bits(part: Part) -> str:
    return ", ".join(f"{piece.byte} & 0x{piece.mask:02x}" for piece in part.pieces)


def _none(part: Part) -> str:
    return ", ".join(str(value) for value in sorted(part.none | part.unmeasured))


def _models() -> str:
    head = (
        "## Models\n\n« vectors »: a test decodes bytes of this very model; « partly »; "
        "« unverified »: it stands on what others published.\n\n"
        "| model | is | name begins | services | pairing | battery | clock | quirks | verified "
        "| source |\n"
        "|---|---|---|---|---|---|---|---|---|---|\n"
    )
    return head + "\n".join(_model(model) for model in models()) + "\n"


def _model(model: Model) -> str:
    pattern = model.name_pattern.replace("|", "\\|")
    cells = (
        f"{model.maker} {model.model}",
        model.measures.value,
        f"`{pattern}`" if pattern else "(cable)",
        ", ".join(model.services),
        model.pairing.value,
        model.battery.value,
        model.clock.value,
        ", ".join(model.quirks),
        model.verified.value,
        model.source,
    )
    return f"| {' | '.join(cells)} |"
