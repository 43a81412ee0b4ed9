"""What a subject is made of."""

from dataclasses import dataclass

from legacy.monolith.sample.asks import Ask


@dataclass(frozen=True, slots=True)
class Subject:
    """Titles of modules with their topics, and the questions asked about them."""

    modules: dict[str, list[str]]
    asks: list[Ask]
