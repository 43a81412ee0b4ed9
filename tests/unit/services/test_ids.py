"""Ids are opaque, and one text names one thing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.ids import BadId, GlobalId, Kind, Side, TenantId, decode, encode

tenants = st.from_regex(r"[a-z0-9][a-z0-9-]{0,31}", fullmatch=True)
locals_ = st.from_regex(r"[A-Za-z0-9._-]{1,64}", fullmatch=True)


@given(st.sampled_from(Kind), tenants, locals_, st.sampled_from(Side))
def test_an_id_reads_back_as_what_it_was_made_of(
    kind: Kind, tenant: str, local: str, side: Side
) -> None:
    text = encode(kind, tenant, local, side)

    assert decode(text) == GlobalId(kind, TenantId(tenant), local, side)


@given(st.text(max_size=60))
def test_a_text_that_was_not_given_out_is_refused_or_is_the_only_name(text: str) -> None:
    try:
        known = decode(text)
    except BadId:
        return
    assert str(known) == text


@pytest.mark.parametrize(
    "text",
    ["", "1", "x" * 5000, "MWMt", encode(Kind.COURSE, "acme", 1) + "=", "MXotYWNtZS8x", "Wé"],
)
def test_a_malformed_id_is_refused(text: str) -> None:
    with pytest.raises(BadId):
        decode(text)


def test_the_same_local_id_in_two_tenants_has_two_names() -> None:
    assert encode(Kind.COURSE, "acme", 1) != encode(Kind.COURSE, "northfield", 1)
