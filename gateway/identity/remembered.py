"""Tokens that were verified: to know one again costs a hash, to verify one a signature."""

from hashlib import sha256

from gateway.identity.identity import Identity

MOST = 20_000


class Remembered:
    """The oldest goes where there is no room; all go when the issuer's keys are others."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._generation = 0
        self._known: dict[bytes, Identity] = {}

    def __len__(self) -> int:
        return len(self._known)

    def find(self, token: str, generation: int) -> Identity | None:
        if generation != self._generation:
            self._generation = generation
            self._known.clear()
        return self._known.get(_digest(token))

    def keep(self, token: str, identity: Identity) -> None:
        if len(self._known) >= self._most:
            del self._known[next(iter(self._known))]
        self._known[_digest(token)] = identity

    def forget(self, token: str) -> None:
        self._known.pop(_digest(token), None)


def _digest(token: str) -> bytes:
    """Not the token itself: what lies in memory may be seen in a dump."""
    return sha256(token.encode("ascii")).digest()
