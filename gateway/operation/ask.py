"""What a client asks: one operation of a document, with its variables."""

from hashlib import sha256
from typing import Any

import msgspec

SHA256 = "sha256:"


class Ask(msgspec.Struct, frozen=True, rename="camel"):
    """The document comes as text, or is named: by `documentId`, or as Apollo names its hash."""

    query: str | None = None
    variables: dict[str, Any] | None = None
    operation_name: str | None = None
    extensions: dict[str, Any] | None = None
    document_id: str | None = None

    def __post_init__(self) -> None:
        if self.query is None and self.document_id is None and self.persisted is None:
            raise ValueError("`query` is missing")

    @property
    def persisted(self) -> Any:
        """What it says of a document that was registered before; it may be of any form."""
        return (self.extensions or {}).get("persistedQuery")


def digest(text: str) -> str:
    """A document's SHA-256, as clients name it."""
    return sha256(text.encode(errors="surrogatepass")).hexdigest()
