"""Finds the text of what is asked: sent along, listed as trusted, or registered before."""

from dataclasses import dataclass
from typing import Any

import msgspec

from gateway.operation.ask import SHA256, Ask, digest
from gateway.operation.persisted import Persisted
from gateway.operation.refusal import Code, refused
from gateway.operation.trusted import Trusted
from services.kit.log import Log
from services.kit.settings import Trust

log = Log("documents")


class Asked(msgspec.Struct, frozen=True):
    """`is_offered`: the client sent text and hash, so that the hash will do from now on."""

    text: str
    hash: str
    is_offered: bool = False


@dataclass(frozen=True, slots=True)
class Texts:
    """`trust` says what becomes of a document that is not in the list."""

    persisted: Persisted
    trusted: Trusted | None = None
    trust: Trust = Trust.OFF

    async def of(self, ask: Ask) -> Asked:
        """Raises BadDocument."""
        id_ = _id(ask)
        listed = self.trusted.text(id_) if self.trusted and id_ else None
        if listed is not None:
            return _listed(listed, ask)
        asked = _sent(ask.query, id_) if ask.query is not None else await self._registered(id_)
        self._judge(asked.hash)
        return asked

    def owner(self, asked: Asked) -> str | None:
        """The client whose document it is, as the list says."""
        return None if self.trusted is None else self.trusted.owner(asked.hash)

    async def watch(self) -> None:
        """Takes over each new list, until it is cancelled."""
        if self.trusted is not None:
            await self.trusted.watch()

    async def keep(self, asked: Asked) -> None:
        """For the next time that only its hash is sent."""
        if asked.is_offered and self.trust is not Trust.ONLY:
            await self.persisted.keep(asked.hash, asked.text)

    async def _registered(self, id_: str | None) -> Asked:
        if self.trust is Trust.ONLY:
            raise refused(Code.NOT_IN_LIST, "This document is not in the list.")
        hash_ = (id_ or "").lower()
        text = await self.persisted.find(hash_) if _is_hash(hash_) else None
        if text is None:
            raise refused(Code.NOT_FOUND, "PersistedQueryNotFound")
        return Asked(text, hash_)

    def _judge(self, hash_: str) -> None:
        if self.trusted is None or self.trust is Trust.OFF or self.trusted.holds(hash_):
            return
        if self.trust is Trust.ONLY:
            raise refused(Code.NOT_TRUSTED, "Only documents in the list are run here.")
        log.warning("document.untrusted", document=hash_)


def _id(ask: Ask) -> str | None:
    """Raises BadDocument for a protocol that we do not speak."""
    if ask.document_id is not None:
        return ask.document_id.removeprefix(SHA256)
    said: Any = ask.persisted
    if said is None:
        return None
    if not isinstance(said, dict) or said.get("version") != 1:
        raise refused(Code.NOT_SUPPORTED, "PersistedQueryNotSupported")
    hash_ = said.get("sha256Hash")
    if not isinstance(hash_, str):
        raise refused(Code.NOT_SUPPORTED, "PersistedQueryNotSupported")
    return hash_


def _listed(text: str, ask: Ask) -> Asked:
    if ask.query is not None and ask.query != text:
        raise refused(Code.HASH_MISMATCH, "The list has another text by this name.")
    return Asked(text, digest(text))


def _sent(text: str, id_: str | None) -> Asked:
    hash_ = digest(text)
    if id_ is not None and id_.lower() != hash_:
        raise refused(Code.HASH_MISMATCH, "provided sha does not match query")
    return Asked(text, hash_, is_offered=id_ is not None)


def _is_hash(text: str) -> bool:
    return len(text) == 64 and all(letter in "0123456789abcdef" for letter in text)
