"""Which media type answers: by the client's weights, then by the order in which it names them."""

from dataclasses import dataclass, field

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"
MULTIPART = "multipart/mixed"
EVENTS = "text/event-stream"
OFFERS = (JSON, GRAPHQL, MULTIPART, EVENTS)
BY_NAME_ALONE = (MULTIPART, EVENTS)
"""Whoever accepts anything does not expect an answer in parts."""
INCREMENTAL = {"incrementalspec": "v0.2"}
"""Other formats of parts go by the same media type."""
MOST_RANGES = 32


@dataclass(frozen=True, slots=True)
class Range:
    """One of what a client accepts; `weight` is between 0 and 1."""

    name: str
    weight: float = 1.0
    params: dict[str, str] = field(default_factory=dict)

    def covers(self, offer: str) -> int:
        """How exactly: 0 for not at all, 3 by name."""
        if self.name == offer:
            fits = offer != MULTIPART or INCREMENTAL.items() <= self.params.items()
            return 3 if fits else 0
        if offer in BY_NAME_ALONE:
            return 0
        kind = offer.partition("/")[0]
        return {f"{kind}/*": 2, "*/*": 1}.get(self.name, 0)


def chosen(accept: str | None) -> str | None:
    """None where nothing that we have is accepted."""
    if not accept or not accept.strip():
        return JSON
    ranges = ranges_of(accept)
    ranked = [(*_rank(offer, ranges), offer) for offer in OFFERS]
    weight, _, offer = max(ranked, key=lambda rank: rank[:2])
    return offer if weight > 0 else None


def ranges_of(header: str) -> list[Range]:
    """As `Accept` and `Accept-Language` name them; those after the first few are not read."""
    return [_range(text) for text in header.split(",", MOST_RANGES)[:MOST_RANGES]]


def _rank(offer: str, ranges: list[Range]) -> tuple[float, int]:
    """The weight by the range that covers it most exactly; sooner named is more."""
    fits = [(range_.covers(offer), -place) for place, range_ in enumerate(ranges)]
    exactness, place = max(fits)
    return (ranges[-place].weight, place) if exactness else (0.0, place)


def _range(text: str) -> Range:
    name, *said = [part.strip().lower() for part in text.split(";")]
    params = {key.strip(): value.strip(' "') for key, _, value in (p.partition("=") for p in said)}
    return Range(name, _weight(params.pop("q", "1")), params)


def _weight(text: str) -> float:
    """What is no weight counts as none."""
    try:
        weight = float(text)
    except ValueError:
        return 0.0
    return weight if 0.0 <= weight <= 1.0 else 0.0
