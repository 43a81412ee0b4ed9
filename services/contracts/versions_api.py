"""What the old side's feeder may be asked: how much of which streams the old side knows."""

import msgspec

from services.contracts.question import Question


class Streams(msgspec.Struct, frozen=True):
    """Each is named `source:stream`."""

    streams: list[str]


VERSIONS = Question("/versions", Streams, dict[str, int])
"""Without those of which nothing is known; whatever is read after the answer knows as much."""
