"""Why a document is not run: each reason has its code, and says no word of the contract."""

from enum import StrEnum
from typing import Any

from graphql import GraphQLError


class Code(StrEnum):
    PARSE = "GRAPHQL_PARSE_FAILED"
    VALIDATION = "GRAPHQL_VALIDATION_FAILED"
    INTROSPECTION_OFF = "INTROSPECTION_OFF"
    UNKNOWN_FRAGMENT = "UNKNOWN_FRAGMENT"
    UNUSED_FRAGMENT = "UNUSED_FRAGMENT"
    FRAGMENT_CYCLE = "FRAGMENT_CYCLE"

    MAX_LENGTH = "MAX_LENGTH"
    MAX_TOKENS = "MAX_TOKENS"
    MAX_OPERATIONS = "MAX_OPERATIONS"
    MAX_DIRECTIVES = "MAX_DIRECTIVES"
    MAX_SELECTIONS = "MAX_SELECTIONS"
    MAX_DEPTH = "MAX_DEPTH"
    MAX_ALIASES = "MAX_ALIASES"
    MAX_ROOT_FIELDS = "MAX_ROOT_FIELDS"
    MAX_REPEATS = "MAX_REPEATS"
    MAX_COST = "MAX_COST"

    NOT_FOUND = "PERSISTED_QUERY_NOT_FOUND"
    NOT_SUPPORTED = "PERSISTED_QUERY_NOT_SUPPORTED"
    HASH_MISMATCH = "PERSISTED_QUERY_HASH_MISMATCH"
    NOT_IN_LIST = "PERSISTED_QUERY_NOT_IN_LIST"
    NOT_TRUSTED = "QUERY_NOT_IN_SAFELIST"


class BadDocument(Exception):
    """The document cannot be run; `errors` say why."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__(errors[0].message)
        self.errors = errors

    @property
    def code(self) -> str:
        return str((self.errors[0].extensions or {}).get("code", ""))


def refused(code: Code, message: str, **about: Any) -> BadDocument:
    return BadDocument([GraphQLError(message, extensions={"code": code.value, **about})])
