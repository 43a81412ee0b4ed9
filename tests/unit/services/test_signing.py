"""A call is taken from one of us, whole, fresh and once."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from services.contracts.viewer_headers import TENANT, USER, headers_of
from services.kit.clock import FakeClock
from services.kit.deadline import HEADER as DEADLINE
from services.kit.settings import Settings
from services.kit.signing import (
    HEADER,
    OLDEST_S,
    SCORER,
    BadCall,
    CallKeys,
    Signed,
    Signer,
    Taken,
    Verifier,
)
from tests.fakes.tenant import NOW, viewer

URL = "http://127.0.0.1:1/doubled?partition=1"
KEYS = CallKeys(b"shared" * 6, {SCORER: b"its own" * 6})
SAID: Mapping[str, str] = {**headers_of(viewer("acme")), DEADLINE: "900"}


def signed(clock: FakeClock, name: str = "gateway", keys: CallKeys = KEYS) -> Signed:
    signer = Signer(name, keys.of_name(name), clock)
    headers = {**SAID, **signer.header("POST", URL, SAID, b"[1]")}
    return Signed("POST", "/doubled?partition=1", headers, b"[1]")


def altered(call: Signed, **headers: str) -> Signed:
    return replace(call, headers={**call.headers, **headers})


def test_a_call_of_one_of_us_says_who_calls() -> None:
    clock = FakeClock(NOW)

    assert Verifier(KEYS, clock).name(signed(clock)) == "gateway"


def test_an_altered_call_is_refused() -> None:
    clock = FakeClock(NOW)
    verifier, call = Verifier(KEYS, clock), signed(clock)
    stamp, _, signature = call.headers[HEADER].rpartition(" ")
    wrong = [
        replace(call, method="GET"),
        replace(call, target="/doubled?partition=2"),
        replace(call, body=b"[2]"),
        altered(call, **{TENANT: "other"}),
        altered(call, **{USER: "5"}),
        altered(call, **{DEADLINE: "99999"}),
        altered(call, **{"idempotency-key": "k"}),
        altered(call, **{HEADER: call.headers[HEADER].replace("gateway", "feeder")}),
        altered(call, **{HEADER: stamp.replace(" 1", " 2", 1) + " " + signature}),
        replace(call, headers=dict(SAID)),
        altered(call, **{HEADER: "nonsense"}),
    ]

    for one in wrong:
        with pytest.raises(BadCall):
            verifier.name(one)
    assert verifier.name(call) == "gateway"


@pytest.mark.parametrize("passes", [OLDEST_S + 1, -60.0])
def test_a_call_of_another_time_is_refused(passes: float) -> None:
    clock, ours = FakeClock(NOW), FakeClock(NOW)
    call = signed(clock)
    ours.advance(passes)

    with pytest.raises(BadCall, match="not fresh"):
        Verifier(KEYS, ours).name(call)


def test_a_call_is_taken_once_and_equal_calls_are_not_one() -> None:
    clock = FakeClock(NOW)
    verifier, signer = Verifier(KEYS, clock), Signer("gateway", KEYS.of_name("gateway"), clock)
    twins = [Signed("GET", "/", signer.header("GET", "http://a/"), b"") for _ in range(2)]

    assert [verifier.name(twin) for twin in twins] == ["gateway", "gateway"]
    with pytest.raises(BadCall, match="said before"):
        verifier.name(twins[0])


def test_a_name_with_a_key_of_its_own_is_nobody_elses() -> None:
    clock = FakeClock(NOW)
    verifier = Verifier(KEYS, clock)
    pretended = CallKeys(b"shared" * 6, {})

    with pytest.raises(BadCall):
        verifier.name(signed(clock, SCORER, pretended))
    with pytest.raises(BadCall):
        verifier.check_consumer("progress", ["progress", SCORER])
    verifier.check_consumer(verifier.name(signed(clock, SCORER)), [SCORER])


def test_what_was_taken_is_remembered_for_as_long_as_it_is_fresh_and_not_for_ever() -> None:
    taken = Taken(35.0)

    assert [taken.take("a", at) for at in (0.0, 34.0, 69.0)] == [True, False, False]
    assert taken.take("b", 71.0)
    assert taken.take("a", 110.0)


def test_keys_of_a_state_folder_are_for_its_owner_alone(tmp_path: Path) -> None:
    keys, again = CallKeys.of(Settings(home=tmp_path)), CallKeys.of(Settings(home=tmp_path))
    given = CallKeys.of(Settings(home=tmp_path, service_key="s", scorer_key="k"))

    assert keys.of_name("gateway") == again.of_name("gateway") != keys.of_name(SCORER)
    assert (given.of_name("feeder"), given.of_name(SCORER)) == (b"s", b"k")
    assert Signer.of(Settings(home=tmp_path), "gateway").header("GET", "http://a/")[HEADER]
    assert (tmp_path / "keys" / "service").stat().st_mode & 0o077 == 0
