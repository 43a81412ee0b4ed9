"""With a session's cookie, what a page elsewhere can send unasked is refused."""

import pytest
from starlette.requests import Request

from gateway.identity.identity import Identity
from gateway.identity.session import Session
from gateway.transport.cookies import FOUND
from gateway.transport.csrf import PROOFS, is_forgeable
from tests.fakes.tenant import viewer

SESSION = Session("session", Identity(viewer("acme"), 0.0, 1.0), {})


def request(session: Session | None = SESSION, **headers: str) -> Request:
    said = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    found = {FOUND: session} if session else {}
    return Request({"type": "http", "method": "GET", "headers": said, **found})


@pytest.mark.parametrize("said", ["text/plain", "multipart/form-data; boundary=x", ""])
def test_a_simple_request_with_a_session_is_forgeable(said: str) -> None:
    assert is_forgeable(request())
    assert is_forgeable(request(content_type=said))


@pytest.mark.parametrize("proof", PROOFS)
def test_a_header_that_no_page_can_send_unasked_proves_who_sent_it(proof: str) -> None:
    assert not is_forgeable(request(SESSION, **{proof.replace("-", "_"): "1"}))


def test_json_cannot_be_sent_unasked() -> None:
    assert not is_forgeable(request(content_type="application/json"))


def test_without_a_session_there_is_nothing_to_forge() -> None:
    assert not is_forgeable(request(None))
    assert not is_forgeable(request(None, cookie="somebody=elses"))
