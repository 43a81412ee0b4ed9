"""JSON is taken where every reader reads it alike, and nowhere else."""

from typing import Any

import pytest

from gateway.transport.strict import MOST_DEPTH, BadJson, decoded


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b' {"a": [1, -2.5, null, true, "\\ud83d\\ude00"]} ', {"a": [1, -2.5, None, True, "😀"]}),
        (b'{"a": {"a": [{"a": 1}, {"a": 2}]}}', {"a": {"a": [{"a": 1}, {"a": 2}]}}),
        (b'{"q": "{\\"a\\":1,\\"a\\":2}", "a": 1}', {"q": '{"a":1,"a":2}', "a": 1}),
        (b"18446744073709551615", 2**64 - 1),
        (b"-9223372036854775808", -(2**63)),
    ],
)
def test_json_is_decoded(text: bytes, value: Any) -> None:
    assert decoded(text) == value


def test_json_may_be_nested_so_deep() -> None:
    assert decoded(b"[" * MOST_DEPTH + b"]" * MOST_DEPTH)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{} {}",
        b'{"a": tru',
        b"\xff",
        b'"\xed\xa0\x80"',
        b'\xef\xbb\xbf{"a": 1}',
        '{"a": 1}'.encode("utf-16"),
        b'"\\ud800"',
        b'"\\udc00\\ud800"',
        b'"a\nb"',
        b"NaN",
        b"-Infinity",
        b"1e400",
        b"01",
        b"18446744073709551616",
        b"-9223372036854775809",
        b"9" * 10_000,
        b"[" * (MOST_DEPTH + 1) + b"]" * (MOST_DEPTH + 1),
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"a": 1, "a": 1}',
        b'{"a": 1, "\\u0061": 1}',
        b'{"a": 1, "a"\n\t:2}',
        b'{"b": [{"a": "\\\\", "a": ""}]}',
    ],
    ids=lambda text: repr(text[:30]),
)
def test_what_might_be_read_otherwise_is_refused(text: bytes) -> None:
    with pytest.raises(BadJson):
        decoded(text)
