"""Whatever a client sends is a message of the protocol, or is known to be none."""

import json
from typing import Any, get_args

from hypothesis import given
from hypothesis import strategies as st

from gateway.transport import messages

TYPES = ["connection_init", "ping", "pong", "subscribe", "complete", "next", "error", "shout"]
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)
told = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(TYPES) | values,
        "id": st.text() | values,
        "payload": st.fixed_dictionaries(
            {}, optional={"query": st.text() | values, "extensions": values, "variables": values}
        )
        | values,
    },
)


@given(told)
def test_it_is_a_message_or_a_value_error(said: Any) -> None:
    try:
        read = messages.read(json.dumps(said))
    except ValueError:
        return
    assert isinstance(read, get_args(messages.FromClient))


@given(st.text())
def test_any_text_is_a_message_or_a_value_error(text: str) -> None:
    try:
        messages.read(text)
    except ValueError:
        return


def test_a_nest_without_a_bottom_is_none() -> None:
    nest = '{"type":"ping","payload":' + '{"a":' * 30_000 + "1" + "}" * 30_001
    try:
        messages.read(nest)
    except ValueError:
        return
    raise AssertionError("it was taken")
