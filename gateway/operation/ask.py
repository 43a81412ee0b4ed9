"""What a client asks: one operation of a document, with its variables."""

from typing import Any

import msgspec


class Ask(msgspec.Struct, frozen=True, rename="camel"):
    query: str
    variables: dict[str, Any] | None = None
    operation_name: str | None = None
    extensions: dict[str, Any] | None = None
