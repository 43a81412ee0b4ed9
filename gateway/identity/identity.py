"""Who somebody is, as their token or their session says, and for how long that is so."""

from dataclasses import dataclass

from services.contracts.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Identity:
    """Instants are seconds since 1970, by the wall clock; `session` is a session's or `jti`'s."""

    viewer: Viewer
    issued_s: float
    expires_s: float
    session: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """What may be signed out: all that is the person's, or this session alone."""
        of_all = everywhere(self.viewer)
        return (of_all,) if self.session is None else (of_all, alone(self.session))


def everywhere(viewer: Viewer) -> str:
    return f"{viewer.tenant}/{viewer.user}"


def alone(session: str) -> str:
    return f"#{session}"
