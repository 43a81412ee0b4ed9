"""Which limit a bench names: the cores before the disk, and others before us."""

import pytest

from bench.limit import Limit, Load


@pytest.mark.parametrize(
    ("gateway", "others", "disk", "lock", "limit"),
    [
        (0.9, 0.05, 1.0, 1.0, Limit.CORES),
        (0.3, 0.6, 1.0, 1.0, Limit.OTHERS),
        (0.3, 0.3, 0.6, 1.0, Limit.DISK),
        (0.3, 0.3, 0.4, 0.6, Limit.LOCK),
        (0.3, 0.3, 0.4, 0.4, Limit.WRITERS),
    ],
)
def test_the_limit_is_what_nothing_is_left_of(
    gateway: float, others: float, disk: float, lock: float, limit: Limit
) -> None:
    load = Load({"gateway": gateway, "others": others}, 0.0, 0.0, disk, lock)

    assert load.limit is limit
