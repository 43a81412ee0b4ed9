"""A viewer survives the way to a service; whoever does not say who they are is nobody."""

import pytest

from services.contracts.ids import TenantId, UserId
from services.contracts.learning import Role
from services.contracts.viewer import Viewer
from services.contracts.viewer_headers import NoViewer, headers_of, viewer_of
from tests.fakes.tenant import viewer


@pytest.mark.parametrize(
    "roles", [frozenset(), frozenset({Role.LEARNER}), frozenset({Role.TEACHER, Role.OPERATOR})]
)
def test_a_viewer_is_read_as_they_were_written(roles: frozenset[Role]) -> None:
    who = Viewer(TenantId("ministry"), UserId("4"), roles)

    assert viewer_of(headers_of(who)) == who


@pytest.mark.parametrize(
    "wrong",
    [
        {"banyan-tenant": ""},
        {"banyan-user": ""},
        {"banyan-user": "four"},
        {"banyan-user": "٤"},
        {"banyan-user": "-4"},
        {"banyan-user": "9" * 19},
        {"banyan-roles": "KING"},
    ],
)
def test_headers_that_name_nobody_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(NoViewer):
        viewer_of(headers_of(viewer("ministry")) | wrong)


@pytest.mark.parametrize("missing", ["banyan-tenant", "banyan-user", "banyan-roles"])
def test_every_header_is_needed(missing: str) -> None:
    headers = headers_of(viewer("ministry"))
    del headers[missing]

    with pytest.raises(NoViewer):
        viewer_of(headers)
