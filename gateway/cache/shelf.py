"""One kind of thing that is kept: for how long, and how it is written."""

from hashlib import blake2b
from typing import Any, Generic, TypeVar

import msgspec

from gateway.cache.ages import Terms
from gateway.cache.counts import Layer

T = TypeVar("T")


class Shelf(Generic[T]):
    """`form` is of contract structs; a release with other ones reads none of these entries."""

    def __init__(self, kind: str, form: Any, terms: Terms, layer: Layer = Layer.ENTITY) -> None:
        self.kind = f"{kind}@{_fingerprint(form)}"
        self.terms = terms
        self.layer = layer
        self._encoder = msgspec.msgpack.Encoder()
        self._decoder: msgspec.msgpack.Decoder[T] = msgspec.msgpack.Decoder(form)

    def encode(self, value: T) -> bytes:
        return self._encoder.encode(value)

    def decode(self, body: bytes) -> T:
        """Raises msgspec.MsgspecError."""
        return self._decoder.decode(body)


def _fingerprint(form: Any) -> str:
    schema = msgspec.json.encode(msgspec.json.schema(form), order="sorted")
    return blake2b(schema, digest_size=6).hexdigest()
