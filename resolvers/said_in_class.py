"""What may be said in commands to a class: what is too long or too much is INVALID."""

from math import isfinite

from resolvers.said import BAD_KEY, is_key
from services.contracts.classroom import Quality
from services.contracts.errors import ErrorCode, Refused

LONGEST_REGION = 32
LONGEST_CURSOR = 200
LARGEST_PAYLOAD = 16 * 1024
MOST_MS = 600_000
MOST_KBPS = 100_000_000

BAD_REGION = Refused(
    ErrorCode.INVALID, f"A region is named by 1 to {LONGEST_REGION} letters, digits and hyphens."
)
BAD_CURSOR = Refused(ErrorCode.INVALID, "`after` is not a cursor of this platform.")
BAD_PAYLOAD = Refused(
    ErrorCode.INVALID, f"A signal has between 1 and {LARGEST_PAYLOAD:,} bytes in UTF-8."
)
BAD_QUALITY = Refused(
    ErrorCode.INVALID,
    "Times and rates are not below 0, and a loss lies between 0 and 100 percent.",
)


def wrong_with_entry(region: str | None, key: str) -> Refused | None:
    if not is_key(key):
        return BAD_KEY
    return None if region is None or _is_region(region) else BAD_REGION


def _is_region(text: str) -> bool:
    plain = text.replace("-", "")
    return len(text) <= LONGEST_REGION and plain.isascii() and plain.isalnum()


def wrong_with_cursor(after: str | None) -> Refused | None:
    return BAD_CURSOR if after is not None and not 0 < len(after) <= LONGEST_CURSOR else None


def wrong_with_signal(payload: str, key: str) -> Refused | None:
    if not is_key(key):
        return BAD_KEY
    # A lone surrogate is no text that could be told to anybody.
    size = len(payload.encode(errors="replace"))
    return None if 0 < size <= LARGEST_PAYLOAD else BAD_PAYLOAD


def wrong_with_quality(said: Quality) -> Refused | None:
    if not _is_region(said.region):
        return BAD_REGION
    is_time = all(0 <= ms <= MOST_MS for ms in (said.rtt_ms, said.jitter_ms))
    is_loss = isfinite(said.loss_percent) and 0 <= said.loss_percent <= 100
    is_rate = 0 <= (said.downlink_kbps or 0) <= MOST_KBPS
    return None if is_time and is_loss and is_rate else BAD_QUALITY
