"""Every instant that a client gets is in UTC, and ends in Z."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import cast
from zoneinfo import ZoneInfo

import pytest
from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLScalarType,
    get_named_type,
    is_introspection_type,
)
from hypothesis import given
from hypothesis import strategies as st

from schema.contract import core_schema

ZONES = [ZoneInfo(name) for name in ("Asia/Kathmandu", "America/Sao_Paulo", "Asia/Jakarta", "UTC")]
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
LIKE_AN_INSTANT = re.compile(r".*(At|Now|Until|Since|Date)")
CONTRACT = core_schema()


def told() -> Iterator[tuple[str, str]]:
    """The name of each field of the contract, and of what it gives."""
    for type_ in CONTRACT.type_map.values():
        is_told = isinstance(type_, GraphQLObjectType | GraphQLInterfaceType)
        if is_told and not is_introspection_type(type_):
            fields = cast("GraphQLObjectType", type_).fields
            for name, field in fields.items():
                yield f"{type_.name}.{name}", get_named_type(field.type).name


@given(st.datetimes(datetime(1900, 1, 1), timezones=st.sampled_from(ZONES)))  # noqa: DTZ001
def test_whatever_zone_an_instant_was_thought_in_it_is_told_in_utc(instant: datetime) -> None:
    scalar = CONTRACT.type_map["DateTime"]
    assert isinstance(scalar, GraphQLScalarType)

    text = scalar.serialize(instant)

    assert INSTANT.fullmatch(text)
    assert datetime.fromisoformat(text) == instant.astimezone(UTC)


def test_one_without_a_zone_is_never_guessed() -> None:
    scalar = CONTRACT.type_map["DateTime"]
    assert isinstance(scalar, GraphQLScalarType)

    with pytest.raises(ValueError, match="zone"):
        scalar.serialize(datetime(2026, 3, 1))  # noqa: DTZ001


def test_no_field_tells_an_instant_in_another_way() -> None:
    fields = dict(told())
    instants = {at for at, type_ in fields.items() if type_ == "DateTime"}
    named = {at for at in fields if LIKE_AN_INSTANT.fullmatch(at.partition(".")[2])}

    assert named == instants
    assert len(instants) > 10


def test_the_viewers_zone_is_in_the_contract() -> None:
    assert dict(told())["Viewer.zone"] == "String"
