"""Every refusal of a command has a status by which its client knows it for one."""

import pytest

from services.commands.answering import status_of
from services.commands.refusal import BUSY
from services.contracts.errors import FORBIDDEN, HIDDEN, KEY_REUSED, ErrorCode, Refused
from services.contracts.question import REFUSED


@pytest.mark.parametrize(
    ("refused", "status"), [(HIDDEN, 404), (BUSY, 409), (KEY_REUSED, 422), (FORBIDDEN, 403)]
)
def test_a_refusal_has_the_status_of_its_kind(refused: Refused, status: int) -> None:
    assert status_of(refused) == status


@pytest.mark.parametrize("code", ErrorCode)
@pytest.mark.parametrize("retryable", [True, False])
def test_no_refusal_is_taken_for_another_answer(code: ErrorCode, retryable: bool) -> None:
    assert status_of(Refused(code, "No.", retryable)) in REFUSED
