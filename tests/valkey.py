"""Valkey servers of a test's own, which it may stop, starve and kill: one, or a cluster of six."""

import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from redis import Redis
from redis.exceptions import RedisError

from services.storage.valkey import program
from tests.pair import free_port
from tests.stack import await_true

READY_WITHIN_S = 30.0
SLOTS = 16_384
NODE_TIMEOUT_MS = 1_000


@dataclass(slots=True)
class Server:
    """One process, which forgets everything when it ends."""

    port: int
    argv: Sequence[str]
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}"

    @property
    def answers(self) -> bool:
        try:
            return bool(self.ask("PING"))
        except (RedisError, OSError):
            return False

    def ask(self, *command: str | int) -> Any:
        with Redis(port=self.port, socket_timeout=5, decode_responses=True) as redis:
            return redis.execute_command(*command)

    def calls(self, command: str) -> int:
        """How often it was asked, by its own count; scripts' commands are counted too."""
        with Redis(port=self.port, decode_responses=True) as redis:
            told: dict[str, Any] = redis.info("commandstats")
        return int(told.get(f"cmdstat_{command}", {}).get("calls", 0))

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def start(self) -> None:
        """Again, where it was."""
        self.process = _begun(self.argv)
        await_true(lambda: self.answers, READY_WITHIN_S)

    @contextmanager
    def hung(self) -> Iterator[None]:
        """It accepts and says nothing."""
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)


@dataclass(frozen=True, slots=True)
class Cluster:
    """Three primaries, each with a replica."""

    nodes: Sequence[Server]

    @property
    def url(self) -> str:
        return f"redis+cluster://{','.join(f'127.0.0.1:{node.port}' for node in self.nodes)}"

    @property
    def primaries(self) -> list[Server]:
        return [node for node in self.nodes if node.answers and node.ask("ROLE")[0] == "master"]

    def holder(self, key: str) -> Server:
        """The primary of the key's slot."""
        slot = self.primaries[0].ask("CLUSTER", "KEYSLOT", key)
        shards = self.primaries[0].ask("CLUSTER SLOTS")
        port = next(at[1] for first, last, at, *_ in shards if first <= slot <= last)
        return next(node for node in self.nodes if node.port == port)


@contextmanager
def server(*options: str) -> Iterator[Server]:
    port = free_port()
    argv = [str(program()), "--port", str(port), "--bind", "127.0.0.1", "--save", "", *options]
    made = Server(port, argv, _begun(argv))
    try:
        await_true(lambda: made.answers, READY_WITHIN_S)
        yield made
    finally:
        made.kill()


@contextmanager
def cluster(home: Path) -> Iterator[Cluster]:
    """Ready once each node knows of every replica: until then readers are sent to primaries."""
    with ExitStack() as stack:
        nodes = [stack.enter_context(server(*_clustered(home, nth))) for nth in range(6)]
        _join(nodes)
        yield Cluster(nodes)


def _clustered(home: Path, nth: int) -> list[str]:
    told = {
        "cluster-enabled": "yes",
        "cluster-config-file": str(home / f"nodes.{nth}.conf"),
        "cluster-node-timeout": str(NODE_TIMEOUT_MS),
        "cluster-port": str(free_port()),
        "dir": str(home),
        "repl-diskless-sync-delay": "0",
    }
    return [part for name, value in told.items() for part in (f"--{name}", value)]


def _join(nodes: Sequence[Server]) -> None:
    primaries, replicas = nodes[:3], nodes[3:]
    for nth, node in enumerate(primaries):
        ends = (nth * SLOTS // 3, (nth + 1) * SLOTS // 3 - 1)
        node.ask("CLUSTER", "ADDSLOTSRANGE", *ends)
    for nth, node in enumerate(nodes):
        node.ask("CLUSTER", "SET-CONFIG-EPOCH", nth + 1)
        bus = node.argv[node.argv.index("--cluster-port") + 1]
        nodes[0].ask("CLUSTER", "MEET", "127.0.0.1", node.port, bus)
    await_true(lambda: all(_known(node) == 6 for node in nodes), READY_WITHIN_S)
    for primary, replica in zip(primaries, replicas, strict=True):
        replica.ask("CLUSTER", "REPLICATE", primary.ask("CLUSTER", "MYID"))
    await_true(lambda: all(_is_whole(node) for node in nodes), READY_WITHIN_S)


def _known(node: Server) -> int:
    return len(str(node.ask("CLUSTER", "NODES")).splitlines())


def _is_whole(node: Server) -> bool:
    """Whether it knows a living replica of each shard."""
    shards = node.ask("CLUSTER", "SHARDS")
    state = str(node.ask("CLUSTER", "INFO"))
    roles = [sorted((one["role"], one["health"]) for one in shard["nodes"]) for shard in shards]
    return "ok" in state and roles == [[("master", "online"), ("replica", "online")]] * 3


def _begun(argv: Sequence[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(argv, stdout=subprocess.DEVNULL)
