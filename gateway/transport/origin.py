"""Which web pages may open a socket: browsers say whose page asks, and send cookies for any."""

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers


def origins_of(setting: str) -> frozenset[str]:
    """`https://a.example, https://b.example` as a set."""
    return frozenset(one.strip().rstrip("/") for one in setting.split(",") if one.strip())


def is_welcome(headers: Headers, origins: Collection[str]) -> bool:
    """A client without Origin is no browser; our own host's pages and those named are welcome."""
    said = headers.getlist("origin")
    if not said:
        return True
    if len(said) > 1:
        return False
    return said[0] in origins or _host_of(said[0]) == headers.get("host", "").lower()


def _host_of(origin: str) -> str | None:
    """`null`, as sandboxed pages say, has none."""
    try:
        return urlsplit(origin).netloc.lower() or None
    except ValueError:
        return None
