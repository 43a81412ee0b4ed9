"""A capability that is held back from its service, whatever its flag says."""

from datetime import datetime
from zlib import crc32

import msgspec

from services.contracts.viewer import Viewer


class Hold(msgspec.Struct, frozen=True):
    """Of those whom the flag lets in, `percent` are answered by the service all the same.

    0 while the service is sick; more, step by step, while it is tried again.
    """

    capability: str
    since: datetime
    why: str
    percent: int = 0

    def lets_in(self, viewer: Viewer) -> bool:
        """The same people at each percentage, and more of them at a higher one."""
        place = crc32(f"{self.capability} {viewer.tenant}/{viewer.user}".encode()) % 100
        return place < self.percent

    @property
    def reason(self) -> str:
        return self.why + (f"; {self.percent} % are back" if self.percent else "")

    def told(self) -> str:
        """As a sentence's first half."""
        return f"rolled back at {self.since:%H:%M:%S} UTC: {self.reason}"
