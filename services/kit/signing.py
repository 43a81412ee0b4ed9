"""Signs calls between our processes: who calls, what for, on whose behalf, and when.

A signature is of the whole call: its method, its target, its body and the headers that decide what
is answered. Each caller has a name, and a name that is told more than others has a key of its own.
"""

import hmac
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

from services.contracts.assessment_api import WAITED
from services.contracts.question import IDEMPOTENCY_KEY
from services.contracts.seen_header import SEEN
from services.contracts.viewer_headers import ROLES, TENANT, USER
from services.kit.clock import Clock, SystemClock
from services.kit.deadline import HEADER as DEADLINE
from services.kit.kept import kept
from services.kit.settings import Settings

HEADER = "banyan-signed"
SIGNED = (TENANT, USER, ROLES, SEEN, WAITED, DEADLINE, IDEMPOTENCY_KEY)
OLDEST_S = 30.0
LEEWAY_S = 5.0
"""So far may a caller's clock be ahead of ours."""
SCORER = "assessment"
"""The one who is told the right answers."""
NO_HEADERS: Mapping[str, str] = MappingProxyType({})
FORM = re.compile(r"([a-z_]{1,40}) ([0-9]{1,15}) ([0-9a-f]{16}-[0-9]{1,12}) ([0-9a-f]{64})")


class BadCall(Exception):
    """A call is not signed by one of us, was altered, or is not fresh."""


@dataclass(frozen=True, slots=True)
class Signed:
    """What is signed; `target` is the path and the query as they are sent."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    def by(self, key: bytes, stamp: str) -> str:
        said = [f"{name}:{self.headers[name]}" for name in SIGNED if name in self.headers]
        digest = sha256(self.body).hexdigest()
        text = "\n".join([stamp, self.method, self.target, digest, *said])
        return hmac.digest(key, text.encode("utf-8", "surrogateescape"), "sha256").hex()


class CallKeys:
    """`shared` is everybody's; `own` are those of names that nobody else may call under."""

    def __init__(self, shared: bytes, own: Mapping[str, bytes]) -> None:
        self._shared = shared
        self._own = dict(own)

    @classmethod
    def of(cls, settings: Settings) -> "CallKeys":
        """As the settings say, or of the state folder, made by whoever needs it first."""
        scorer = _key(settings.scorer_key, settings.home / "keys" / "scorer")
        return cls(_key(settings.service_key, settings.home / "keys" / "service"), {SCORER: scorer})

    def of_name(self, name: str) -> bytes:
        return self._own.get(name, self._shared)

    @property
    def reserved(self) -> frozenset[str]:
        return frozenset(self._own)


class Signer:
    """Signs under one name; no two calls are signed alike."""

    def __init__(self, name: str, key: bytes, clock: Clock) -> None:
        self._name = name
        self._key = key
        self._clock = clock
        self._process = secrets.token_hex(8)
        self._calls = count()

    @classmethod
    def of(cls, settings: Settings, name: str) -> "Signer":
        return cls(name, CallKeys.of(settings).of_name(name), SystemClock())

    def header(
        self, method: str, url: str, headers: Mapping[str, str] = NO_HEADERS, body: bytes = b""
    ) -> dict[str, str]:
        """To be sent with the call, whose headers are named in lower case."""
        call = Signed(method, _target(url), headers, body)
        at_ms = int(self._clock.now().timestamp() * 1000)
        stamp = f"{self._name} {at_ms} {self._process}-{next(self._calls)}"
        return {HEADER: f"{stamp} {call.by(self._key, stamp)}"}


class Verifier:
    """Takes each call once: a call that was overheard is no good to whoever did."""

    def __init__(self, keys: CallKeys, clock: Clock) -> None:
        self._keys = keys
        self._clock = clock
        self._taken = Taken(OLDEST_S + LEEWAY_S)

    def name(self, call: Signed) -> str:
        """Who calls. Raises BadCall."""
        form = FORM.fullmatch(call.headers.get(HEADER, ""))
        if form is None:
            raise BadCall("not signed")
        name, at_ms, _, signature = form.groups()
        stamp = form[0].rpartition(" ")[0]
        if not hmac.compare_digest(signature, call.by(self._keys.of_name(name), stamp)):
            raise BadCall("not signed by one of us")
        age_s = self._clock.now().timestamp() - int(at_ms) / 1000
        if not -LEEWAY_S <= age_s <= OLDEST_S:
            raise BadCall("not fresh")
        if not self._taken.take(signature, self._clock.monotonic_s()):
            raise BadCall("said before")
        return name

    def check_consumer(self, name: str, consumers: Iterable[str]) -> None:
        """Nobody asks in the name of one that has a key of its own. Raises BadCall."""
        if any(one in self._keys.reserved and one != name for one in consumers):
            raise BadCall("another's name")


class Taken:
    """What was taken in the last `span_s`, and at most as long before that."""

    def __init__(self, span_s: float) -> None:
        self._span_s = span_s
        self._since_s = 0.0
        self._new: set[str] = set()
        self._old: set[str] = set()

    def take(self, one: str, now_s: float) -> bool:
        """Whether it is the first time."""
        if now_s - self._since_s >= self._span_s:
            self._old, self._new, self._since_s = self._new, set(), now_s
        if one in self._new or one in self._old:
            return False
        self._new.add(one)
        return True


def _target(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _key(given: str, path: Path) -> bytes:
    return given.encode() if given else kept(path, lambda: secrets.token_bytes(32))
