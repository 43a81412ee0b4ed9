"""Where calls go: a URL's scheme, host and port, and what a request's head says of them."""

import ssl
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote, urlsplit

PORTS = {"http": 80, "https": 443}


class BadCall(ValueError):
    """A call would say more than one request."""


@dataclass(frozen=True, slots=True)
class Origin:
    """`lines` stand in every head."""

    host: str
    port: int
    tls: ssl.SSLContext | None
    lines: str

    @classmethod
    def of(cls, base: str) -> "Origin":
        """Of `https://user:password@host:port`, of which only the host must be there."""
        parts = urlsplit(base)
        port = parts.port or PORTS[parts.scheme]
        lines = f"host: {parts.netloc.rpartition('@')[2]}\r\nuser-agent: banyan\r\naccept: */*\r\n"
        if parts.username is not None:
            account = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            lines += f"authorization: Basic {b64encode(account.encode()).decode()}\r\n"
        return cls(parts.hostname or "", port, _tls() if parts.scheme == "https" else None, lines)

    def request(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> bytes:
        """Raises BadCall where a value would end its line."""
        said = [f"{name}: {value}\r\n" for name, value in headers.items()]
        length = f"content-length: {len(body)}\r\n" if body or method != "GET" else ""
        head = f"{method} {target} HTTP/1.1\r\n{self.lines}{''.join(said)}{length}\r\n"
        ends = 2 + self.lines.count("\n") + len(said) + bool(length)
        if head.count("\n") != ends or head.count("\r") != ends or "\0" in head or " " in target:
            raise BadCall("a line of a request's head has another in it")
        return head.encode() + body


def parted(url: str) -> tuple[str, str]:
    """What names the origin, and what is asked of it."""
    place = url.find("/", url.index("://") + 3)
    return (url, "/") if place < 0 else (url[:place], url[place:])


@cache
def _tls() -> ssl.SSLContext:
    """Certificates are verified; made when the first origin needs it, for it takes 20 ms."""
    return ssl.create_default_context()
