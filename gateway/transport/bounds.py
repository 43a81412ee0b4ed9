"""How much one socket, one viewer and one address may take of a gateway process."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bounds:
    """`strangers` have not said who they are yet; counts are of one process."""

    init_wait_s: float = 3.0
    send_wait_s: float = 5.0
    beat_s: float = 4.0
    """How often it is looked whether the viewer's token still holds."""
    beats_a_ping: int = 6
    """Whoever has not answered one ping when the next is due is gone: after 48 s at most."""
    operations: int = 10
    sockets_a_viewer: int = 10
    strangers_an_address: int = 50
