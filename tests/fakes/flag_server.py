"""An Unleash server's client API on a socket: the list it is given, late or not at all."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from threading import Event

from flags.document import VERSION, Document, render
from flags.names import CAPABILITIES, Capability
from flags.rollout import Rollout, feature_of
from tests.threaded import Said, answering

TOKEN = "default:development.client"
EMPTY = b'{"version": 2, "features": []}'
OTHERS = b'{"version": 2, "features": [{"name": "banner", "enabled": true, "strategies": []}]}'


def listed(*on: tuple[Capability, int]) -> bytes:
    """A list with these at so many percent for everybody, and all other capabilities at 0."""
    percents = dict.fromkeys(CAPABILITIES.values(), 0) | dict(on)
    features = [feature_of(one, Rollout(percent)) for one, percent in percents.items()]
    return render(Document(VERSION, features))


@dataclass
class FlagServer:
    """`asked` counts requests, `answered` those that got their answer."""

    text: bytes
    status: int = 200
    asked: int = 0
    answered: int = 0
    unchanged: int = 0
    _may_answer: Event = field(default_factory=Event)
    _is_over: Event = field(default_factory=Event)
    _waits_s: float = 0.0

    def __post_init__(self) -> None:
        self._may_answer.set()

    def hang(self) -> None:
        """From now on it accepts and says nothing."""
        self._may_answer.clear()

    def be_slow(self, seconds: float) -> None:
        """From now on each answer takes so long."""
        self._waits_s = seconds

    @contextmanager
    def running(self, port: int = 0) -> Iterator[str]:
        """The address for BANYAN_UNLEASH_URL."""
        with answering(self._answer, port) as url:
            try:
                yield f"{url}/api"
            finally:
                self._is_over.set()
                self._may_answer.set()

    def _answer(self, request: BaseHTTPRequestHandler) -> Said:
        self.asked += 1
        self._may_answer.wait()
        self._is_over.wait(self._waits_s)
        said = self._said(request)
        self.answered += 1
        return said

    def _said(self, request: BaseHTTPRequestHandler) -> Said:
        if request.headers["authorization"] != TOKEN or request.path != "/api/client/features":
            return Said(401)
        tag = f'"{hashlib.sha256(self.text).hexdigest()[:8]}"'
        if request.headers["if-none-match"] == tag:
            self.unchanged += 1
            return Said(304)
        return Said(self.status, self.text, {"etag": tag})
