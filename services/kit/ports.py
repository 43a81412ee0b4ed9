"""The one table of ports: the gateway's is BANYAN_PORT, the others follow it."""

PORTS = {
    "gateway": 0,
    "monolith": 1,
    "assessment": 2,
    "progress": 3,
    "live_class": 4,
    "feeder": 5,
    "realtime": 6,
    "postgres": 10,
    "valkey": 11,
}


def port_of(role: str, base: int) -> int:
    return base + PORTS[role]
