"""What one process of a service does: all of it, or only some roles."""

from argparse import ArgumentParser
from collections.abc import Sequence
from enum import StrEnum


class Role(StrEnum):
    """TIME does what nobody asks for, when its moment has come."""

    API = "api"
    RELAY = "relay"
    PROJECTOR = "projector"
    TIME = "time"


def roles_of(program: str, arguments: Sequence[str]) -> frozenset[Role]:
    """Reads `--only api --only relay`; without it a process does everything."""
    parser = ArgumentParser(program, allow_abbrev=False)
    parser.add_argument(
        "--only",
        action="append",
        type=str,
        choices=[role.value for role in Role],
        help="do nothing but this; may be given several times",
    )
    only: list[str] | None = parser.parse_args(arguments).only
    return frozenset(map(Role, only)) if only else frozenset(Role)
