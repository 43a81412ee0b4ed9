"""The table of ports: found free, or told with ports to use instead."""

import socket

import pytest

from deploy.errors import PortTaken
from deploy.ports import check_free, free_base, is_free
from services.kit.ports import PORTS, port_of
from tests.stack import free_base as free_block


def test_no_two_roles_share_a_port() -> None:
    assert len(set(PORTS.values())) == len(PORTS)


@pytest.mark.parametrize("address", ["127.0.0.1", ""])
def test_a_port_with_a_listener_on_any_address_is_not_free(address: str) -> None:
    with socket.create_server((address, 0)) as listener:
        port = listener.getsockname()[1]

        assert not is_free(port)
    assert is_free(port)


def test_a_port_whose_listeners_share_it_is_not_free() -> None:
    with socket.create_server(("127.0.0.1", 0), reuse_port=True) as listener:
        assert not is_free(listener.getsockname()[1])


def test_only_the_roles_that_start_here_need_their_port() -> None:
    base = free_block()
    with socket.create_server(("127.0.0.1", port_of("postgres", base))):
        check_free(base, ["gateway", "valkey"])

        with pytest.raises(PortTaken, match=rf"Port {base + 10} \(postgres\) is taken"):
            check_free(base, ["gateway", "postgres"])


def test_the_ports_proposed_instead_are_free() -> None:
    base = free_block()
    with socket.create_server(("127.0.0.1", base + 100)):
        proposed = free_base(base, PORTS)

    assert proposed > base + 100
    assert all(is_free(port_of(role, proposed)) for role in PORTS)
