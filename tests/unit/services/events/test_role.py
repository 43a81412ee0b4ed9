"""What a process does is named on its command line."""

import pytest

from services.events.role import Role, roles_of


def test_a_process_does_everything_unless_it_is_told_otherwise() -> None:
    assert roles_of("progress", []) == set(Role)


def test_several_roles_may_be_named() -> None:
    assert roles_of("progress", ["--only", "api", "--only=relay"]) == {Role.API, Role.RELAY}


def test_an_unknown_role_is_refused_with_the_known_ones(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        roles_of("progress", ["--only", "relays"])

    said = capsys.readouterr().err
    assert all(role in said for role in Role)
