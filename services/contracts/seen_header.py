"""What a caller has seen, said in a header of a call from the gateway to a service."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as BadBase64
from collections.abc import Mapping

import msgspec

from services.contracts.freshness import Seen

SEEN = "banyan-seen"


class BadSeen(ValueError):
    """The header is not what the gateway sends."""


def header_of(seen: Seen) -> dict[str, str]:
    """No header where nothing was seen."""
    if not seen:
        return {}
    return {SEEN: urlsafe_b64encode(msgspec.json.encode(dict(seen))).decode()}


def seen_of(headers: Mapping[str, str]) -> Seen:
    """Raises BadSeen."""
    said = headers.get(SEEN)
    if said is None:
        return {}
    try:
        return msgspec.json.decode(urlsafe_b64decode(said), type=dict[str, int])
    except (BadBase64, ValueError) as wrong:
        raise BadSeen(f"{SEEN} is not readable.") from wrong
