"""Record Access Control Point (0x2A52), by which stored measurements are asked for.

The same point serves the Pulse Oximeter Service (all records only) and the Glucose Service
(ranges of sequence numbers or of user-facing times). Subscribe to it and to the measurements
before writing.
"""

from enum import IntEnum
from typing import Final

from devices.gatt.engine import Field, Table, When
from devices.gatt.kinds import Clock, Code, Opaque, Whole


class OpCode(IntEnum):
    """What is asked, and the two kinds of answer."""

    REPORT = 1
    DELETE = 2
    ABORT = 3
    REPORT_NUMBER = 4
    NUMBER_RESPONSE = 5
    RESPONSE = 6


class Operator(IntEnum):
    """Which records."""

    NONE = 0
    ALL = 1
    UP_TO = 2
    FROM = 3
    WITHIN = 4
    FIRST = 5
    LAST = 6


class Filter(IntEnum):
    """What their bounds are bounds of."""

    SEQUENCE_NUMBER = 1
    USER_FACING_TIME = 2


class Outcome(IntEnum):
    """What became of a request."""

    SUCCESS = 1
    OP_CODE_NOT_SUPPORTED = 2
    INVALID_OPERATOR = 3
    OPERATOR_NOT_SUPPORTED = 4
    INVALID_OPERAND = 5
    NO_RECORDS_FOUND = 6
    ABORT_UNSUCCESSFUL = 7
    PROCEDURE_NOT_COMPLETED = 8
    OPERAND_NOT_SUPPORTED = 9


_ASKED: Final = When(name="op_code", among=frozenset({1, 2, 4}))
_LEAST: Final = When(name="operator", among=frozenset({Operator.FROM, Operator.WITHIN}))
_GREATEST: Final = When(name="operator", among=frozenset({Operator.UP_TO, Operator.WITHIN}))
_NUMBER: Final = When(name="filter", among=frozenset({Filter.SEQUENCE_NUMBER}))
_TIME: Final = When(name="filter", among=frozenset({Filter.USER_FACING_TIME}))
_BOUNDED: Final = When(name="operator", among=frozenset({2, 3, 4}))
_OTHER_FILTER: Final = When(name="filter", among=frozenset({0, *range(3, 256)}))
_COUNTED: Final = When(name="op_code", among=frozenset({OpCode.NUMBER_RESPONSE}))
_ANSWERED: Final = When(name="op_code", among=frozenset({OpCode.RESPONSE}))
_OTHER_OP_CODE: Final = When(name="op_code", among=frozenset({0, *range(7, 256)}))

CONTROL_POINT: Final = Table(
    code=0x2A52,
    name="Record Access Control Point",
    fields=(
        Field("op_code", Code(OpCode)),
        Field("operator", Code(Operator)),
        Field("filter", Code(Filter), when=(_ASKED, _BOUNDED)),
        Field("least_number", Whole(2), when=(_ASKED, _LEAST, _NUMBER)),
        Field("greatest_number", Whole(2), when=(_ASKED, _GREATEST, _NUMBER)),
        Field("least_time", Clock(), when=(_ASKED, _LEAST, _TIME)),
        Field("greatest_time", Clock(), when=(_ASKED, _GREATEST, _TIME)),
        Field("other_bounds", Opaque(), when=(_ASKED, _BOUNDED, _OTHER_FILTER)),
        Field("count", Whole(2), when=(_COUNTED,)),
        Field("request", Code(OpCode), when=(_ANSWERED,)),
        Field("outcome", Code(Outcome), when=(_ANSWERED,)),
        Field("operand", Opaque(), when=(_OTHER_OP_CODE,)),
    ),
)
TABLES: Final = (CONTROL_POINT,)
