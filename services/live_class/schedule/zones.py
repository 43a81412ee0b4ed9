"""Time zones as somebody names them."""

from zoneinfo import ZoneInfo, available_timezones

import click


def known(name: str) -> ZoneInfo | None:
    return ZoneInfo(name) if name in available_timezones() else None


class Zone(click.ParamType[ZoneInfo]):
    """A zone by its name, such as Asia/Kolkata."""

    name = "zone"

    def convert(
        self, value: str | ZoneInfo, param: click.Parameter | None, ctx: click.Context | None
    ) -> ZoneInfo:
        found = value if isinstance(value, ZoneInfo) else known(value)
        if found is None:
            self.fail(f"{value!r} is no time zone: write one such as Asia/Kolkata.", param, ctx)
        return found
