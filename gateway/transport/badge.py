"""Who is at the other end, by the token that they showed or the session of their cookie."""

from gateway.identity.identity import Identity
from gateway.identity.token import BadToken, Tokens
from gateway.usage.client import UNNAMED, Client
from services.contracts.viewer import Viewer


class Badge:
    """Nobody's, until one is shown; a token that is shown counts for more than a session.

    `client` is the program, as it names itself: nothing is allowed or refused by it.
    """

    def __init__(
        self, tokens: Tokens, session: Identity | None = None, client: Client = UNNAMED
    ) -> None:
        self.client = client
        self._tokens = tokens
        self._authorization: str | None = None
        self._identity = session
        self._marks = tokens.marks

    @property
    def viewer(self) -> Viewer | None:
        return None if self._identity is None else self._identity.viewer

    def show(self, authorization: str | None) -> None:
        """Raises BadToken; who shows none stays who they are."""
        shown = self._tokens.bearer(authorization)
        if shown is None and self._identity is not None:
            self._tokens.check(self._identity)
        self._identity = shown or self._identity
        self._authorization = authorization
        self._marks = self._tokens.marks

    def renew(self, authorization: str) -> bool:
        """Whether it is taken: a valid one, of the same viewer with the same rights."""
        try:
            renewed = self._tokens.bearer(authorization)
        except BadToken:
            return False
        if renewed is None or renewed.viewer != self.viewer:
            return False
        self._identity, self._authorization = renewed, authorization
        return True

    def check(self) -> None:
        """Raises BadToken once what was shown holds no longer, or its key was withdrawn."""
        marks = self._tokens.marks
        if self._authorization and marks != self._marks:
            self._identity, self._marks = self._tokens.bearer(self._authorization), marks
        elif self._identity is not None:
            self._tokens.check(self._identity)
