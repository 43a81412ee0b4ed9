"""A token says what was seen, to whoever holds the key, and nobody else can make one."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.freshness import ConsistencyToken
from services.kit.consistency import (
    LONGEST,
    MOST_STREAMS,
    MOST_TOKENS,
    BadToken,
    Consistency,
)

OURS = Consistency(b"ours")
MAPS = st.dictionaries(st.text(max_size=40), st.integers(min_value=0, max_value=2**53), max_size=5)


@given(MAPS)
def test_a_token_reads_back(seen: dict[str, int]) -> None:
    assert OURS.seen(OURS.token(seen)) == seen


def test_a_token_has_room_for_so_many_streams_whatever_their_names() -> None:
    seen = {f"legacy:completions/{'t' * 32}/{'9' * 18}/{n:018}": 2**53 for n in range(100)}

    token = OURS.token(seen)

    assert len(token) <= LONGEST
    assert list(OURS.seen(token).items()) == list(seen.items())[:MOST_STREAMS]


def test_of_several_tokens_the_greatest_versions_count() -> None:
    text = f"{OURS.token({'a': 1, 'b': 5})}, {OURS.token({'a': 3})}"

    assert OURS.seen_of(text) == {"a": 3, "b": 5}


@pytest.mark.parametrize("text", ["", ",", f"{OURS.token({'a': 1})},", "made up"])
def test_a_header_with_one_bad_token_is_bad(text: str) -> None:
    with pytest.raises(BadToken):
        OURS.seen_of(text)


def test_a_header_has_only_so_many_tokens() -> None:
    with pytest.raises(BadToken):
        OURS.seen_of(",".join([OURS.token({"a": 1})] * (MOST_TOKENS + 1)))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "made up",
        "ä",
        Consistency(b"theirs").token({"a": 1}),
        OURS.token({"a": 1})[:-2],
        OURS.token({"a": 1}) + "AAAA",
        "A" * (LONGEST + 1),
    ],
)
def test_what_we_did_not_give_out_is_refused(text: str) -> None:
    with pytest.raises(BadToken):
        OURS.seen(ConsistencyToken(text))


def test_one_changed_letter_anywhere_is_found() -> None:
    token = OURS.token({"attempt/acme/1-4-1": 7})
    accepted = []
    for place, letter in enumerate(token[:-1]):
        other = "A" if letter != "A" else "B"
        try:
            accepted.append(OURS.seen(ConsistencyToken(token[:place] + other + token[place + 1 :])))
        except BadToken:
            continue

    assert accepted == []


def test_processes_of_one_home_read_one_anothers_tokens(tmp_path: Path) -> None:
    token = Consistency.of_home(tmp_path).token({"a": 1})

    assert Consistency.of_home(tmp_path).seen(token) == {"a": 1}
    assert (tmp_path / "keys" / "consistency").stat().st_mode & 0o077 == 0
