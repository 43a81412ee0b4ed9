"""Tells which ports are free, before anything is started on them."""

import socket
from collections.abc import Iterable

from deploy.errors import PortTaken
from services.kit.ports import port_of

# Somebody may listen on one address or on all: macOS lets us bind the one beside the other.
ADDRESSES = ("127.0.0.1", "")


def check_free(base: int, roles: Iterable[str]) -> None:
    """Raises PortTaken for the first role whose port is in use."""
    wanted = list(roles)
    for role in wanted:
        port = port_of(role, base)
        if not is_free(port):
            raise PortTaken(
                f"Port {port} ({role}) is taken: "
                f"set BANYAN_PORT={free_base(base, wanted)} to use other ports."
            )


def free_base(base: int, roles: Iterable[str]) -> int:
    """The next port for the gateway whose followers are free too."""
    wanted = list(roles)
    candidates = range(base + 100, base + 10_000, 100)
    return next(
        (port for port in candidates if all(is_free(port_of(role, port)) for role in wanted)),
        candidates[0],
    )


def is_free(port: int) -> bool:
    return all(_can_bind(address, port) for address in ADDRESSES)


def _can_bind(address: str, port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # Connections that ended a moment ago do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return False
    return True
