"""A real coturn, and gateways whose classes send people to it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from services.kit.ports import port_of
from services.kit.settings import Settings
from tests import pair
from tests.faults.watching import environ_of
from tests.pair import free_port
from tests.stack import Stack, await_true

SECRET = "between coturn and us"
READY_WITHIN_S = 20.0
CONFIGURATION = """
use-auth-secret
static-auth-secret={secret}
realm=banyan.test
listening-ip=127.0.0.1
relay-ip=127.0.0.1
listening-port={port}
min-port={first}
max-port={last}
no-tls
no-dtls
no-cli
allow-loopback-peers
pidfile={home}/turn.pid
log-file=stdout
verbose
"""
ATLAS = """
[[region]]
name = "eu-west"
latitude = 53.3
longitude = -6.3
urls = ["turn:127.0.0.1:{port}?transport=udp"]
"""


@dataclass(frozen=True, slots=True)
class Relay:
    """`output` is what it says that it did."""

    port: int
    output: Path

    def allocations(self) -> int:
        """So many were granted, by its own word."""
        return self.output.read_text().count("ALLOCATE processed, success")


@contextmanager
def relay(home: Path) -> Iterator[Relay]:
    """Skips loudly without coturn, or fails where BANYAN_REQUIRE names it."""
    program = shutil.which("turnserver")
    if program is None:
        missing = pytest.fail if _is_required() else pytest.skip
        missing("coturn is not installed")
    made = Relay(free_port(), home / "turn.output")
    file = home / "turn.conf"
    text = CONFIGURATION.format(secret=SECRET, port=made.port, home=home, first=24_000, last=24_100)
    file.write_text(text)
    with made.output.open("wb") as output:
        process = subprocess.Popen(
            [program, "-c", str(file)], cwd=home, stdout=output, stderr=output
        )
    try:
        await_true(lambda: b"IPv4. UDP listener opened" in made.output.read_bytes(), READY_WITHIN_S)
        yield made
    finally:
        process.kill()
        process.wait()


def _is_required() -> bool:
    return "coturn" in Settings.read(os.environ).require.split(",")


@contextmanager
def relaying(stack: Stack, turn: Relay, home: Path) -> Iterator[list[str]]:
    """Two gateways of the running system, whose classes have this relay."""
    atlas = home / "atlas.toml"
    atlas.write_text(ATLAS.format(port=turn.port))
    environ, port = environ_of(stack), free_port()
    stores = {"DATABASE_URL": stack.database, "REDIS_URL": stack.redis}
    turned = {"BANYAN_TURN_FILE": str(atlas), "BANYAN_TURN_SECRET": SECRET}
    base = {"BANYAN_PORT": str(port - port_of("live_class", 0))}
    url = f"http://127.0.0.1:{port}"
    with _service(home, environ | stores | turned | base, url):
        own = environ | {"BANYAN_LIVE_CLASS_URL": url}
        ready = "/health/ready"
        with (
            pair.server(home, "gateway.main", "BANYAN_PORT", ready, own) as one,
            pair.server(home, "gateway.main", "BANYAN_PORT", ready, own) as other,
        ):
            yield [one.url, other.url]


@contextmanager
def _service(home: Path, environ: dict[str, str], url: str) -> Iterator[None]:
    """One more process of the live class service, which answers questions alone."""
    command = [sys.executable, "-u", "-m", "services.live_class", "--only", "api"]
    inherited = {name: text for name, text in os.environ.items() if "BANYAN" not in name}
    log = home / "live_class.output"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env={**inherited, **environ}, stdout=output, stderr=output
        )
    try:
        await_true(lambda: pair.answers(pair.Server(url, process, log), "/health/ready"), 60.0)
        yield
    finally:
        process.kill()
        process.wait()
