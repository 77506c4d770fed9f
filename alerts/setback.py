"""Tells a fault of one patient's data from a fault of the database, and names where it happened.

Pure. A log never holds the text of an error, for it may hold health values.
"""

from typing import Final

MAIL_AT: Final = 3
"""The operator is told at the third failure in a row: the first two may be a passing trouble."""

_CONNECTION_CLASSES: Final = ("08", "53", "57P")
"""SQLSTATE classes of the server and the connection, not of the data (PostgreSQL, appendix A)."""


def is_of_the_connection(error: BaseException) -> bool:
    """Tell whether nothing at all can be done now: everybody waits, nobody is set back.

    An error of the driver without SQLSTATE comes from the connection itself or from the pool.
    """
    kinds = {kind.__name__ for kind in type(error).__mro__}
    if not kinds & {"OperationalError", "InterfaceError"}:
        return False
    state = getattr(error, "sqlstate", None)
    return state is None or str(state).startswith(_CONNECTION_CLASSES)


def place_of(error: BaseException) -> dict[str, str]:
    """Return the kind of an error and where it was raised, fit to be logged."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_qualname}:{trace.tb_lineno}" if trace else "?"
    return {"error": type(error).__name__, "where": where}
