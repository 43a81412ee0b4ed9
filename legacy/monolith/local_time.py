"""Times as this platform keeps and says them: a tenant's wall clock, without its zone."""

from datetime import datetime
from zoneinfo import ZoneInfo

FORM = "%Y-%m-%d %H:%M:%S"


def local(instant: datetime, timezone: str) -> datetime:
    """What the clock on the tenant's wall shows; an hour happens twice when summer ends."""
    return instant.astimezone(ZoneInfo(timezone)).replace(tzinfo=None, microsecond=0)


def write(moment: datetime) -> str:
    return moment.strftime(FORM)


def read(text: str) -> datetime:
    """Raises ValueError when the text is not of the form."""
    return datetime.strptime(text, FORM)  # noqa: DTZ007
