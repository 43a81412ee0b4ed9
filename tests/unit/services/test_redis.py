"""An address says whether it is one server's or a cluster's."""

import pytest
from redis.asyncio import Redis

from services.kit.redis import Cluster, redis_of


def test_one_server_is_asked_by_the_librarys_own_client() -> None:
    made = redis_of("redis://:hidden@127.0.0.1:7/3", socket_connect_timeout=2.0)

    assert isinstance(made, Redis)
    told = made.connection_pool.connection_kwargs
    assert (told["port"], told["db"], told["socket_connect_timeout"]) == (7, 3, 2.0)


@pytest.mark.parametrize(
    ("url", "places"),
    [
        ("redis+cluster://127.0.0.1:7", ["127.0.0.1:7"]),
        ("redis+cluster://127.0.0.1", ["127.0.0.1:6379"]),
        (
            "redis+cluster://10.0.0.1:7,10.0.0.2:8,10.0.0.3/",
            ["10.0.0.1:7", "10.0.0.2:8", "10.0.0.3:6379"],
        ),
    ],
)
async def test_a_cluster_is_found_by_any_of_its_nodes(url: str, places: list[str]) -> None:
    made = redis_of(url)

    assert isinstance(made, Cluster)
    assert [node.name for node in made.startup_nodes] == places


async def test_the_nodes_share_a_password_and_tls() -> None:
    made = redis_of("rediss+cluster://anna:hid%2Cden@10.0.0.1:7,10.0.0.2:8")

    assert isinstance(made, Cluster)
    told = made.connection_kwargs
    assert (told["username"], told["password"]) == ("anna", "hid,den")
    assert "ssl_cert_reqs" in told
