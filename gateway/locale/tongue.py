"""In which language one client is told things: settled when there is something to tell."""

from collections.abc import Iterable, Mapping
from typing import Self

from babel import negotiate_locale
from babel.numbers import format_decimal

from gateway.locale.catalogues import Catalogue, read_all
from gateway.locale.sentence import ENGLISH, Sentence, filled
from gateway.transport.negotiate import ranges_of

OLD_CODES = {"in": "id", "in-id": "id"}
"""Java has called Indonesian so, and many an old phone still does."""


class Tongue:
    """`spoken` are the languages used so far: what has no translation is told in English."""

    def __init__(self, catalogues: Mapping[str, Catalogue], accepted: str | None) -> None:
        self._catalogues = catalogues
        self._accepted = accepted
        self._preferred: list[str] = []
        self._locale: str | None = None
        self.spoken: dict[str, None] = {}

    @property
    def locale(self) -> str:
        if self._locale is None:
            wanted = [*self._preferred, *_weighed(self._accepted)]
            offered = [ENGLISH, *self._catalogues]
            self._locale = negotiate_locale(wanted, offered, "-", OLD_CODES) or ENGLISH
        return self._locale

    def prefer(self, tag: object) -> None:
        """Before all that was known to be wanted; what is no language tag is nothing."""
        if isinstance(tag, str) and tag:
            self._preferred.insert(0, tag.replace("_", "-"))
            self._locale = None

    def say(self, sentence: str) -> str:
        if not isinstance(sentence, Sentence):
            return self._found(sentence) or sentence
        template = self._found(sentence.template)
        return filled(template, sentence.values, self.locale) if template else str(sentence)

    def _found(self, english: str) -> str | None:
        found = self._catalogues.get(self.locale, {}).get(english)
        self.spoken[self.locale if found else ENGLISH] = None
        return found


class Tongues:
    """All languages there are; without catalogues English alone."""

    def __init__(self, catalogues: Mapping[str, Catalogue] | None = None) -> None:
        self._catalogues = catalogues or {}

    @classmethod
    def read(cls) -> Self:
        catalogues = read_all()
        for locale in (ENGLISH, *catalogues):
            # Else the first refusal would wait for the files of numbers.
            format_decimal(1, locale=locale)
        return cls(catalogues)

    def of(self, accepted: Iterable[str]) -> Tongue:
        """By the values of an Accept-Language header."""
        return Tongue(self._catalogues, ",".join(accepted) or None)


def _weighed(accepted: str | None) -> list[str]:
    """The most wanted first, and of equals what was named first."""
    ranges = ranges_of(accepted or "")
    wanted = [one for one in ranges if one.name and one.weight > 0]
    return [one.name for one in sorted(wanted, key=lambda one: -one.weight)]
