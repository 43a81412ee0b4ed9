"""Names what is kept: whose it is, of which kind, and which one."""

from hashlib import blake2b

import msgspec

from gateway.cache.owner import Owner

_encoder = msgspec.json.Encoder()


class Key(msgspec.Struct, frozen=True):
    """Two keys are one where their texts are: no part of a text can be taken for another's."""

    owner: Owner
    kind: str
    name: str

    @property
    def text(self) -> str:
        return _encoder.encode((self.kind, self.owner, self.name)).decode()


def place_of(text: str) -> str:
    """Where the entry of a key's text stands in Redis: of one length, whatever a client sent."""
    return blake2b(text.encode(), digest_size=20).hexdigest()
