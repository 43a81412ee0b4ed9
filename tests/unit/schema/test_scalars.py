"""Instants are UTC with an offset, durations ISO 8601."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.scalars import print_duration, print_instant, read_duration, read_instant


@given(st.datetimes(timezones=st.just(UTC)))
def test_an_instant_reads_back(instant: datetime) -> None:
    assert read_instant(print_instant(instant)) == instant
    assert print_instant(instant).endswith("Z")


def test_an_instant_of_any_offset_is_given_in_utc() -> None:
    assert print_instant(read_instant("2026-03-01T16:00:00+07:00")) == "2026-03-01T09:00:00Z"


@pytest.mark.parametrize("text", ["2026-03-01T09:00:00", "tomorrow", 5, None])
def test_an_instant_without_an_offset_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match=r"DateTime|Invalid isoformat"):
        read_instant(text)


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=400)))
def test_a_duration_reads_back(span: timedelta) -> None:
    whole = timedelta(seconds=int(span.total_seconds()))

    assert read_duration(print_duration(whole)) == whole


@pytest.mark.parametrize(
    ("minutes", "text"), [(0, "PT0S"), (90, "PT1H30M"), (60, "PT1H"), (0.5, "PT30S")]
)
def test_a_duration_is_told_shortly(minutes: float, text: str) -> None:
    assert print_duration(timedelta(minutes=minutes)) == text


@pytest.mark.parametrize("text", ["", "P", "PT", "90", "PT1X", 90, "P1Y"])
def test_what_is_no_duration_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="PT90M"):
        read_duration(text)
