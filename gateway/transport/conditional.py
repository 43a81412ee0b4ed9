"""What a client may keep of an answer to a GET, and whether it has that already."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from typing import TypeAlias

from starlette.requests import Request

from gateway.cache.verdict import Verdict
from gateway.operation.keeping import Keeping
from services.kit import consistency

TAG_BYTES = 12
ANY = "*"
BY_TOKEN = f"authorization, accept, {consistency.HEADER}".encode()
BY_COOKIE = f"authorization, cookie, accept, {consistency.HEADER}".encode()
"""Who asks, in which form, and what they have seen: who saw more is not answered with this."""
NOT_STORED = (b"cache-control", b"no-store")

Line: TypeAlias = tuple[bytes, bytes]
Lines: TypeAlias = list[Line]


@dataclass(frozen=True, slots=True)
class Condition:
    """Of one GET: the tags that the client `has`, and what its answer varies by."""

    has: str
    vary: bytes

    @classmethod
    def of(cls, request: Request) -> "Condition | None":
        """None for what no client keeps."""
        if request.method != "GET":
            return None
        headers = request.headers
        vary = BY_TOKEN if "authorization" in headers else BY_COOKIE
        return cls(",".join(headers.getlist("if-none-match")), vary)

    def knows(self, tag: str) -> bool:
        """Weak and strong ones are compared alike, as RFC 9110 wants it here."""
        if not self.has:
            return False
        known = {one.strip().removeprefix("W/") for one in self.has.split(",")}
        return tag in known or known == {ANY}

    def lines(self, tag: str, keeping: Keeping, verdict: Verdict | None) -> Lines:
        """Of an answer without errors to somebody who signed in."""
        tagged = (b"etag", tag.encode())
        if not keeping.is_kept:
            return [tagged, NOT_STORED]
        most_s = keeping.max_age_s
        lasts_s = most_s if verdict is None else verdict.lifetime(most_s)
        return [
            tagged,
            (b"cache-control", b"private, max-age=%d" % lasts_s),
            (b"vary", self.vary),
        ]


def tag_of(body: bytes, media_type: str) -> str:
    """A strong one: of the form, too, in which it is told."""
    digest = blake2b(body, digest_size=TAG_BYTES, person=media_type.encode()[-16:])
    return f'"{digest.hexdigest()}"'


def lines_of(verdict: Verdict | None) -> Iterable[Line]:
    """Whether the cache had it, and for how long."""
    if verdict is None:
        return ()
    status = (b"cache-status", verdict.status.encode())
    return (status,) if verdict.age_s is None else (status, (b"age", b"%d" % verdict.age))
