"""Pages by keyset: every row once, whatever comes and goes meanwhile."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolvers.paging import BAD_CURSOR, BAD_FIRST, cut
from services.contracts.errors import Refused
from services.contracts.paging import Key, Page

Row = tuple[str, str]


def page(rows: list[Row], first: int, after: str | None) -> Page[Row]:
    found = cut(rows, key, first, after)
    assert not isinstance(found, Refused)
    return found


def key(row: Row) -> Key:
    return row


rows_of_any_order = st.lists(
    st.tuples(st.text(max_size=3), st.text(min_size=1, max_size=3)), max_size=30, unique=True
)


@given(rows_of_any_order, st.integers(1, 7))
def test_paging_through_gives_every_row_once_and_in_order(rows: list[Row], first: int) -> None:
    seen: list[Row] = []
    after = None
    while True:
        current = page(rows, first, after)
        seen += [edge.node for edge in current.edges]
        if not current.page_info.has_next_page:
            break
        after = current.page_info.end_cursor

    assert seen == sorted(rows)


def test_a_row_that_goes_between_two_pages_costs_no_other_row() -> None:
    rows = [("a", "1"), ("b", "2"), ("c", "3"), ("d", "4")]
    cursor = page(rows, 2, None).page_info.end_cursor

    rest = page([row for row in rows if row[0] != "a"], 2, cursor)

    assert [edge.node for edge in rest.edges] == [("c", "3"), ("d", "4")]


def test_counting_from_the_front_would_lose_a_row_then() -> None:
    rows = [("a", "1"), ("b", "2"), ("c", "3"), ("d", "4")]

    by_number = [row for row in rows if row[0] != "a"][2:4]

    assert ("c", "3") not in by_number


def test_the_page_says_where_it_lies() -> None:
    rows = [("a", "1"), ("b", "2"), ("c", "3")]

    middle = page(rows, 1, page(rows, 1, None).page_info.end_cursor)

    assert (middle.page_info.has_previous_page, middle.page_info.has_next_page) == (True, True)
    assert middle.total_count == 3


@pytest.mark.parametrize("after", ["nonsense", "%%%", "WyJhIl0", "é"])
def test_a_cursor_that_was_not_given_out_is_refused(after: str) -> None:
    assert cut([("a", "1")], key, 1, after) is BAD_CURSOR


@pytest.mark.parametrize("first", [0, -1, 101])
def test_a_page_of_no_or_of_too_many_rows_is_refused(first: int) -> None:
    assert cut([("a", "1")], key, first, None) is BAD_FIRST
