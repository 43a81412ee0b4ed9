"""Wall clocks of tenants."""

from datetime import UTC, datetime

import pytest

from legacy.monolith.local_time import local, read, write


def test_the_same_instant_is_another_time_in_another_zone() -> None:
    instant = datetime(2026, 3, 10, 3, 4, 5, 678, tzinfo=UTC)

    assert write(local(instant, "Asia/Jakarta")) == "2026-03-10 10:04:05"
    assert write(local(instant, "America/Sao_Paulo")) == "2026-03-10 00:04:05"


def test_one_hour_of_october_happens_twice() -> None:
    summer = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    winter = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)

    assert local(summer, "Europe/London") == local(winter, "Europe/London")


def test_what_is_written_is_read_again() -> None:
    assert write(read("2026-03-10 10:04:05")) == "2026-03-10 10:04:05"


@pytest.mark.parametrize("text", ["2026-03-10", "2026-03-10T10:04:05", "", "2026-02-30 00:00:00"])
def test_another_form_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"time data|day is out of range"):
        read(text)
