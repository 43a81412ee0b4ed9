"""What one gateway process answers."""

from enum import StrEnum


class Serves(StrEnum):
    HTTP = "http"
    REALTIME = "realtime"
    BOTH = "both"
