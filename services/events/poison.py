"""Tells an event that cannot be applied from a database that is away."""

import asyncpg

# What the data itself brings about; asyncpg's InterfaceError of an argument is a ValueError. All
# else passes, or ends the duty: nothing is parked because a lock was taken or a disk was full.
POISON = (
    asyncpg.DataError,
    asyncpg.IntegrityConstraintViolationError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    AttributeError,
)
LONGEST = 1_000


def reason(error: BaseException) -> str:
    """Begins with the error's name."""
    return f"{type(error).__name__}: {error}"[:LONGEST]
