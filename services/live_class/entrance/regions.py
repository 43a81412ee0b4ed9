"""Where relays stand, read from a TOML file.

    stun = ["stun:turn.example:3478"]

    [[region]]
    name = "eu-west"
    latitude = 53.3
    longitude = -6.3
    capacity = 5000
    urls = ["turn:eu.turn.example:3478?transport=udp", "turns:eu.turn.example:443?transport=tcp"]

    [[place]]
    name = "africa-east"
    latitude = -1.3
    longitude = 36.8

A place is where clients may say they are though no relay stands there.
"""

from collections.abc import Mapping
from math import asin, cos, radians, sin, sqrt
from pathlib import Path

import msgspec

from services.kit.settings import BadSetting

EARTH_KM = 6_371.0


class Point(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Degrees, north and east."""

    name: str
    latitude: float
    longitude: float

    def km_to(self, other: "Point") -> float:
        """By the great circle (haversine)."""
        north, east = radians(self.latitude), radians(self.longitude)
        to_north, to_east = radians(other.latitude), radians(other.longitude)
        square = (
            sin((to_north - north) / 2) ** 2
            + cos(north) * cos(to_north) * sin((to_east - east) / 2) ** 2
        )
        return 2 * EARTH_KM * asin(sqrt(square))


class Region(Point, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`capacity` are those whom its relays can serve at once."""

    urls: list[str]
    capacity: int = 1_000


class Atlas(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of the file; empty where there is none: then nobody is relayed."""

    stun: list[str] = []
    region: list[Region] = []
    place: list[Point] = []

    @property
    def regions(self) -> Mapping[str, Region]:
        return {one.name: one for one in self.region}

    def where(self, name: str | None) -> Point | None:
        """None where nobody knows where that is."""
        return next((one for one in (*self.region, *self.place) if one.name == name), None)


def read_atlas(path: str) -> Atlas:
    """Of no path an empty one. Raises BadSetting."""
    if not path:
        return Atlas()
    try:
        atlas = msgspec.toml.decode(Path(path).read_bytes(), type=Atlas)
    except (OSError, ValueError) as wrong:
        raise BadSetting(f"BANYAN_TURN_FILE: {wrong}") from wrong
    if wrong_one := _wrong_in(atlas):
        raise BadSetting(f"BANYAN_TURN_FILE: {wrong_one}")
    return atlas


def _wrong_in(atlas: Atlas) -> str | None:
    names = [one.name for one in (*atlas.region, *atlas.place)]
    if doubled := {name for name in names if names.count(name) > 1}:
        return f"{min(doubled)} stands there twice."
    for point in (*atlas.region, *atlas.place):
        if not (abs(point.latitude) <= 90 and abs(point.longitude) <= 180):
            return f"{point.name} lies nowhere on Earth."
    for region in atlas.region:
        if not region.urls or region.capacity < 1:
            return f"{region.name} needs urls and a capacity of 1 or more."
        if not all(url.startswith(("turn:", "turns:")) for url in region.urls):
            return f"{region.name}: its urls begin with turn: or turns:."
    return None
