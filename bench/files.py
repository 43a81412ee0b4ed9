"""How many files, and so sockets, one process may have open."""

import resource

PLENTY = 65_536
"""Where there is no limit at all."""


def allow_many() -> int:
    """As many as this machine lets one have; our children may as many."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = min(most, PLENTY) if most != resource.RLIM_INFINITY else PLENTY
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return most
