"""Row I9, of running processes: what they log, answer, trace and are started with."""

import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from secrets import token_hex
from typing import Any

import httpx
import pytest

from services.kit.home import running
from services.kit.ports import PORTS
from tests import pair
from tests.figures import Recorder
from tests.integration.collector import Received, collecting
from tests.integration.monolith.waiting import until
from tests.learner import token
from tests.security.planted import Planted, planted
from tests.stack import BANYAN, Stack, await_true, forget
from tests.stack import environ as environ_without
from tests.stack import stack as run_stack

ASK = {"query": "{ viewer { name courses(first: 1) { edges { node { title } } } } }"}
START = """mutation ($key: String!) {
  startAttempt(input: { assessmentId: "QXNzZXNzbWVudDo3", key: $key }) { __typename } }"""
WITHIN_S = 60.0
WAITS = "Connection refused"
STOPPED_BY_US = {"BANYAN_LEGACY_URL", "BANYAN_HOME", "DATABASE_URL", "REDIS_URL"}
PRIVATE, OF_OWNER = 0o600, 0o700


@pytest.fixture(scope="module")
def plants(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    home = tmp_path_factory.mktemp("planted") / "home"
    home.mkdir()
    made = planted(home)
    made.secrets["bearer"] = token(home, "northfield", 1)
    return made


@pytest.fixture(scope="module")
async def received(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Received]:
    async with collecting(tmp_path_factory.mktemp("collector")) as made:
        yield made


@pytest.fixture(scope="module")
def whole(plants: Planted, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A system with our secrets, on stores of its own, whose passwords it makes itself."""
    home = tmp_path_factory.mktemp("whole") / "home"
    ours = {
        name: text
        for name, text in plants.environ.items()
        if name.startswith(("BANYAN_", "KAFKA_SASL", "LRS_S")) and name not in STOPPED_BY_US
    }
    with run_stack(home, ("--empty",), **ours, BANYAN_LOG_LEVEL="debug") as stack:
        yield stack
    forget(home)


def requests(plants: Planted) -> list[dict[str, Any]]:
    """Good, forged and broken, each with what must not come back."""
    said = plants.secrets
    bearer = {"authorization": f"Bearer {said['bearer']}"}
    forged = {"authorization": f"Bearer {said['LRS_SECRET']}"}
    key = {"query": START, "variables": {"key": said["idempotency key"]}}
    body = said["KAFKA_SASL_PASSWORD"].encode()
    as_json = {"content-type": "application/json"}
    return [
        {"headers": bearer, "json": ASK},
        {"headers": {**bearer, "idempotency-key": said["idempotency key"]}, "json": key},
        {"headers": {**bearer, "accept": "text/event-stream"}, "json": ASK},
        {"headers": {**bearer, "banyan-consistency": said["BANYAN_TOKEN_KEY"]}, "json": ASK},
        {"headers": forged, "json": ASK},
        {"headers": {"authorization": f"Bearer {said['bearer']}x"}, "json": ASK},
        {"headers": {"authorization": f"Basic {said['LRS_SECRET']}"}, "json": ASK},
        {"headers": {"cookie": f"banyan={said['cookie']}"}, "json": ASK},
        {"headers": {**bearer, **as_json}, "content": body},
        {"headers": {**bearer, **as_json}, "content": b'{"query": "' + body},
        {"headers": bearer, "json": {**ASK, "variables": said["LRS_SECRET"]}},
        {"headers": {**bearer, "content-type": said["LRS_SECRET"]}, "content": body},
    ]


async def asked(plants: Planted, gateway: str, way: str) -> set[int]:
    """Says every answer whole, and the health pages; gives the statuses."""
    statuses = set()
    async with httpx.AsyncClient(base_url=gateway, timeout=30, trust_env=False) as client:
        for request in requests(plants):
            answer = await client.post("/graphql", **request)
            plants.say(way, answer.text)
            plants.say(f"{way}, headers", str(answer.headers.raw))
            statuses.add(answer.status_code)
        for path in ("/health/live", "/health/ready", "/graphql", "/metrics"):
            page = await client.get(path)
            plants.say(f"{way}, pages", f"{page.headers.raw} {page.text}")
    return statuses


@dataclass(frozen=True, slots=True)
class Tried:
    """A process of ours with a whole set of secrets that cannot do its work."""

    process: subprocess.Popen[bytes]
    output: Path

    def heard(self) -> str:
        """Until it ends, or says why it waits; it is stopped then."""
        await_true(lambda: self.process.poll() is not None or WAITS in self._text(), WITHIN_S)
        self.process.terminate()
        self.process.wait(WITHIN_S)
        return self._text()

    def _text(self) -> str:
        return self.output.read_text()


def tried(plants: Planted, folder: Path, stack: ExitStack, *command: str, **changed: str) -> Tried:
    home = folder / token_hex(8)
    home.mkdir()
    ours = {**plants.environ, "BANYAN_HOME": str(home), **changed}
    output = home.with_suffix(".output")
    with output.open("wb") as file:
        process = subprocess.Popen(
            command, env=environ_without(home, pair.free_port()) | ours, stdout=file, stderr=file
        )
    stack.callback(process.kill)
    return Tried(process, output)


async def test_i9_a_gateway_with_nobody_behind_it_tells_no_secret(
    plants: Planted, received: Received, monkeypatch: pytest.MonkeyPatch, figure: Recorder
) -> None:
    home = Path(plants.environ["BANYAN_HOME"])
    for name, text in plants.environ.items():
        if not name.startswith("BANYAN_"):
            monkeypatch.setenv(name, text)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", received.endpoint)
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "100")
    ours = {
        name.removeprefix("BANYAN_").lower(): text
        for name, text in plants.environ.items()
        if name.startswith("BANYAN_") and name not in ("BANYAN_HOME", "BANYAN_LEGACY_URL")
    }

    with pair.gateway(
        home, plants.environ["BANYAN_LEGACY_URL"], **ours, log_level="debug"
    ) as gateway:
        statuses = await asked(plants, gateway.url, "answers")
        await until(lambda: told_a_failure(received), most_s=20)
    plants.say("log of a gateway", gateway.log.read_text())
    plants.say("spans", str(received.spans))

    assert {200, 400, 401, 503} <= statuses
    said = plants.said["log of a gateway"]
    assert all(event in said for event in ("legacy.failed", "session.redis_away"))
    assert plants.found() == []
    figure("I9", planted=len(plants.secrets), ways=len(plants.said), found=0)


async def told_a_failure(received: Received) -> bool:
    names = [span.name for spans in received.spans.values() for span in spans]
    return "legacy POST" in names


def test_i9_who_cannot_run_says_why_without_secrets(
    plants: Planted, tmp_path: Path, figure: Recorder
) -> None:
    python, banyan, broken = sys.executable, str(BANYAN), plants.secrets["REDIS_URL"]
    unread = {"REDIS_URL": f"redis://:{broken}@127.0.0.1:1/0"}
    up = (banyan, "up", "--ready-within", "1")
    with ExitStack() as stack:
        begin = partial(tried, plants, tmp_path, stack)
        trials = {
            "a service without stores": begin(python, "-m", "services.progress"),
            "a service, address unread": begin(python, "-m", "services.progress", **unread),
            "a gateway, address unread": begin(python, "-m", "gateway.main", **unread),
            "up, stores away": begin(*up),
            "up, address unread": begin(
                *up, DATABASE_URL=f"postgresql://banyan:{broken}@127.0.0.1:1/x"
            ),
            "up, bad setting": begin(*up, BANYAN_WORKERS="0"),
            "settings": begin(banyan, "settings"),
            "help": begin(banyan, "--help"),
        }
        heard = {way: trial.heard() for way, trial in trials.items()}
    for way, text in heard.items():
        plants.say(way, text)

    assert all(heard.values())
    assert WAITS in heard["a service without stores"]
    assert "process.failed" in heard["a gateway, address unread"]
    assert r"'\u2026'" in heard["a gateway, address unread"]
    assert plants.found() == []
    figure("I9", planted=len(plants.secrets), ways=len(heard), found=0)


async def test_i9_a_whole_system_tells_no_secret(
    plants: Planted, whole: Stack, figure: Recorder
) -> None:
    before = set(plants.said)
    plants.secrets["own database"] = httpx.URL(running(whole.home).database).password
    plants.secrets["bearer"] = token(whole.home, "northfield", 1)
    await asked(plants, whole.gateway, "answers of a system")
    await ask_services(plants, whole)
    plants.say("output of up", whole.output.read_text())
    plants.say("logs of a system", texts_below(whole.home / "logs"))
    plants.say("command lines", command_lines())
    del (secrets := {**plants.secrets})["own database"]
    recorded = Planted(secrets, {}, {"run.json": (whole.home / "run.json").read_text()})

    assert str(whole.home) in plants.said["command lines"]
    assert plants.found() + recorded.found() == []
    assert modes(whole.home) <= {PRIVATE}
    assert (whole.home / "keys").stat().st_mode & 0o777 == OF_OWNER
    figure("I9", planted=len(plants.secrets), ways=len(set(plants.said) - before) + 1, found=0)


async def ask_services(plants: Planted, whole: Stack) -> None:
    """Past the gateway, with what is no signature."""
    base = int(whole.gateway.rpartition(":")[2])
    headers = {"banyan-signed": plants.secrets["BANYAN_SERVICE_KEY"], **plants.secrets}
    headers = {name.replace(" ", "-"): text for name, text in headers.items()}
    async with httpx.AsyncClient(timeout=30, trust_env=False) as client:
        for name in ("progress", "assessment", "live_class", "feeder", "monolith"):
            url = f"http://127.0.0.1:{base + PORTS[name]}"
            for path in ("/health/live", "/events", "/read"):
                answer = await client.post(url + path, headers=headers, json=plants.secrets)
                plants.say("answers of services", f"{answer.headers.raw} {answer.text}")


def texts_below(folder: Path) -> str:
    return "\n".join(path.read_text() for path in folder.rglob("*.log*"))


def command_lines() -> str:
    """Of every process of the machine, with its arguments."""
    texts = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            texts.append(file.read_text(errors="replace").replace("\0", " "))
    return "\n".join(texts)


def modes(home: Path) -> set[int]:
    """Of each file that holds a secret."""
    files = [home / "run.json", *(home / "keys").iterdir()]
    return {path.stat().st_mode & 0o777 for path in files}
