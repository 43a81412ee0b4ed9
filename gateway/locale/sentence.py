"""A sentence with values in it, which remembers how it was put together."""

from collections.abc import Mapping
from typing import Self

from babel.numbers import format_decimal

ENGLISH = "en"


class Sentence(str):
    """The English text; `template` and `values` are what other languages are made of."""

    template: str
    values: Mapping[str, object]

    def __new__(cls, template: str, **values: object) -> Self:
        made = super().__new__(cls, filled(template, values, ENGLISH))
        made.template, made.values = template, values
        return made


def filled(template: str, values: Mapping[str, object], locale: str) -> str:
    """Numbers as the language writes them, all else as it is."""
    return template.format_map({name: _shown(value, locale) for name, value in values.items()})


def _shown(value: object, locale: str) -> str:
    return format_decimal(value, locale=locale) if isinstance(value, int | float) else str(value)
