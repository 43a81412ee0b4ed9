"""What may be written down of an error: its kind, its way, and its words without values.

An error quotes what it was about ("could not convert 'Anna'"), PostgreSQL shows the whole row in
the lines below, and an address may have a password in it.
"""

import re
from collections.abc import Iterator
from traceback import format_tb

import asyncpg

QUOTED = re.compile(r"""(?<!\w)(['"]).*\1""", re.DOTALL)
ACCOUNT = re.compile(r"(?<=://)[^/\s]*@")
MOST_LEVELS = 20
"""Of errors that led to one another."""


def told(error: BaseException) -> str:
    """The first line of what it says, without what stands in quotes."""
    text = str(error)
    if not _names_columns(error):
        text = QUOTED.sub("'…'", text)
    return ACCOUNT.sub("", text.partition("\n")[0])


def traced(error: BaseException) -> str:
    """As a traceback, behind those that led to it."""
    return "\n".join(_lines(error, MOST_LEVELS))


def _names_columns(error: BaseException) -> bool:
    """PostgreSQL quotes what is its own, unless it could not read a value."""
    return isinstance(error, asyncpg.PostgresError) and not isinstance(error, asyncpg.DataError)


def _lines(error: BaseException, levels: int) -> Iterator[str]:
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and levels:
        yield from _lines(before, levels - 1)
        yield "which led to"
    yield "".join(format_tb(error.__traceback__)).rstrip()
    yield f"{type(error).__module__}.{type(error).__qualname__}: {told(error)}"
    if isinstance(error, BaseExceptionGroup) and levels:
        for one in error.exceptions:
            yield from _lines(one, levels - 1)
