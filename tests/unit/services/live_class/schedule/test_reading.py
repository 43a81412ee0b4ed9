"""Which classes a calendar file says, by the rules of RFC 5545."""

from datetime import timedelta

import pytest

from services.live_class.schedule.ics.blocks import NoCalendar, blocks_of
from services.live_class.schedule.ics.calendar import TooMany
from tests.unit.services.live_class.schedule.written import event, read, starts, whys

NINE = "DTSTART;TZID=Europe/Berlin:20261019T090000"
HOUR = "DURATION:PT1H"
WEEKLY = (NINE, HOUR, "RRULE:FREQ=WEEKLY;COUNT=3")


def test_a_series_keeps_its_time_of_day_when_the_clocks_change() -> None:
    said = read(event(*WEEKLY))

    assert starts(said) == ["10-19 07:00", "10-26 08:00", "11-02 08:00"]
    assert {one.zone for one in said.occurrences} == {"Europe/Berlin"}
    assert {one.ends_at - one.starts_at for one in said.occurrences} == {timedelta(hours=1)}


def test_dates_are_taken_out_and_put_in() -> None:
    out = "EXDATE;TZID=Europe/Berlin:20261026T090000"
    more = "RDATE;TZID=Europe/Berlin:20261028T140000"

    said = read(event(*WEEKLY, out, more))

    assert starts(said) == ["10-19 07:00", "10-28 13:00", "11-02 08:00"]


def test_one_of_a_series_is_moved_and_known_by_when_it_was_to_be() -> None:
    moved = event(
        "RECURRENCE-ID;TZID=Europe/Berlin:20261026T090000",
        "DTSTART;TZID=Europe/Berlin:20261027T110000",
        HOUR,
        "SEQUENCE:2",
        "SUMMARY:Moved",
    )

    said = read(event(*WEEKLY), moved)

    found = {one.recurrence: (one.title, one.sequence) for one in said.occurrences}
    assert starts(said) == ["10-19 07:00", "10-27 10:00", "11-02 08:00"]
    assert found["20261026T080000Z"] == ("Moved", 2)


def test_one_of_a_series_or_all_of_it_is_called_off() -> None:
    one = event(
        "RECURRENCE-ID;TZID=Europe/Berlin:20261026T090000",
        "DTSTART;TZID=Europe/Berlin:20261026T090000",
        HOUR,
        "STATUS:CANCELLED",
    )

    part, whole = read(event(*WEEKLY), one), read(event(*WEEKLY, "STATUS:CANCELLED"))

    assert starts(part) == ["10-19 07:00", "11-02 08:00"]
    assert [off.recurrence for off in part.called_off] == ["20261026T080000Z"]
    assert (starts(whole), len(whole.called_off)) == ([], 3)


@pytest.mark.parametrize(
    ("zone", "local", "instant"),
    [
        ("Asia/Kolkata", "20260301T090000", "03-01 03:30"),
        # It is never half past two that night: what is meant is an hour after half past one.
        ("Europe/Berlin", "20260329T023000", "03-29 01:30"),
        # It is so twice: the first is meant.
        ("Europe/Berlin", "20261025T023000", "10-25 00:30"),
    ],
)
def test_a_time_that_floats_is_meant_in_the_given_zone(zone: str, local: str, instant: str) -> None:
    floating = event(f"DTSTART:{local}", HOUR)

    assert starts(read(floating, zone=zone)) == [instant]
    assert whys(read(floating)) == ["its time has no zone: give one with --zone"]


def test_a_zone_may_be_the_files_own() -> None:
    own = (
        "BEGIN:VTIMEZONE\r\nTZID:Campus\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
        "TZOFFSETFROM:+0530\r\nTZOFFSETTO:+0530\r\nTZNAME:IST\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    )
    there = event("DTSTART;TZID=Campus:20260301T090000", HOUR)

    assert starts(read(own, there)) == ["03-01 03:30"]
    elsewhere = there.replace("Campus", "Harbour")
    assert whys(read(own, elsewhere)) == ["DTSTART is in the zone 'Harbour', which is not known"]


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (("DTSTART:soon", HOUR), "DTSTART is not readable"),
        ((HOUR,), "it has no DTSTART"),
        (("DTSTART;VALUE=DATE:20260301",), "it lasts whole days"),
        ((NINE, "DTEND;TZID=Europe/Berlin:20261019T080000"), "it ends before it begins"),
        ((NINE, "DURATION:P2D"), "it lasts 48 hours"),
        ((NINE, HOUR, "RRULE:FREQ=SOMETIMES"), "RRULE is not readable"),
        ((NINE, HOUR, "RRULE:FREQ=SECONDLY"), "it repeats secondly"),
        ((NINE, HOUR, "RRULE:FREQ=DAILY;INTERVAL=0"), "its INTERVAL is less than 1"),
        (
            (NINE, HOUR, f"RRULE:FREQ=DAILY;BYMINUTE={','.join(map(str, range(60)))}"),
            "it repeats 60 times a day",
        ),
        ((NINE, HOUR, "EXDATE;TZID=Nowhere/Land:20261019T090000"), "EXDATE is in the zone"),
    ],
)
def test_a_bad_event_is_refused_by_itself(lines: tuple[str, ...], why: str) -> None:
    said = read(event(NINE, HOUR, uid="good"), event(*lines, uid="bad"))

    [refused] = said.refused
    assert refused.why.startswith(why)
    assert (refused.uid, refused.line) == ("bad", 9)
    assert [one.uid for one in said.occurrences] == ["good"]


def test_an_event_without_uid_or_end_is_refused_and_the_next_is_read() -> None:
    endless = event(NINE, HOUR, uid="endless").replace("END:VEVENT\r\n", "")

    said = read(event(NINE, HOUR, uid=""), endless, event(NINE, HOUR, uid="good"))

    assert whys(said) == ["it has no UID", "it has no END:VEVENT"]
    assert [one.uid for one in said.occurrences] == ["good"]


def test_of_one_uid_told_twice_the_last_word_counts() -> None:
    old = event(NINE, HOUR, "SUMMARY:Old", "SEQUENCE:1")
    new = event(NINE, HOUR, "SUMMARY:New", "SEQUENCE:2")

    for order in ((old, new), (new, old)):
        said = read(*order)
        assert [one.title for one in said.occurrences] == ["New"]
        assert [why.rpartition(" ")[0] for why in whys(said)] == [
            "the same UID is told again, and newer, on line"
        ]


def test_a_series_without_end_ends_with_the_span() -> None:
    said = read(event("DTSTART:20250105T090000Z", HOUR, "RRULE:FREQ=WEEKLY"))

    assert len(said.occurrences) == 52
    assert starts(said)[::51] == ["01-04 09:00", "12-27 09:00"]


def test_more_classes_than_are_taken_at_once_are_refused_as_a_whole() -> None:
    with pytest.raises(TooMany, match="more than 100 classes"):
        read(event("DTSTART:20260105T090000Z", HOUR, "RRULE:FREQ=DAILY"), most=100)


def test_lines_that_are_folded_are_one() -> None:
    said = read(event(NINE, HOUR, "SUMMARY:A long\r\n  word", "CATEGORIES:A,B"))

    assert [(one.title, one.categories) for one in said.occurrences] == [
        ("A long word", ("A", "B"))
    ]


def test_another_file_is_no_calendar() -> None:
    with pytest.raises(NoCalendar):
        blocks_of("PK\x03\x04")
