"""What clients learn of an error: a code and a safe sentence; the log has the rest."""

from typing import Any

from graphql import ExecutionResult, GraphQLError, GraphQLFormattedError, GraphQLSyntaxError

from resolvers.say import Say
from services.kit.log import Log

log = Log("gateway")
PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
UNFORESEEN = "Something went wrong."


def formatted(error: GraphQLError, request_id: str, say: Say) -> GraphQLFormattedError:
    """A refusal as it is; anything unforeseen masked, and logged with the request's id.

    An error without a path is about the request itself, and says nothing of our inside.
    """
    if error.path is None or _is_refusal(error):
        return _with_code(error, say)
    log.error("field.failed", error.original_error, path=error.path, request=request_id)
    masked = GraphQLError(
        say(UNFORESEEN),
        nodes=error.nodes,
        path=error.path,
        extensions={"code": "INTERNAL", "requestId": request_id},
    )
    return masked.formatted


def _is_refusal(error: GraphQLError) -> bool:
    return isinstance(error.original_error, GraphQLError) and bool(error.extensions)


def _with_code(error: GraphQLError, say: Say) -> GraphQLFormattedError:
    shown = error.formatted
    shown["message"] = say(error.message)
    if "extensions" not in shown:
        is_syntax = isinstance(error, GraphQLSyntaxError)
        shown["extensions"] = {"code": PARSE_FAILED if is_syntax else VALIDATION_FAILED}
    return shown


def payload(result: ExecutionResult, request_id: str, say: Say) -> dict[str, Any]:
    """A result as clients get it."""
    told: dict[str, Any] = {"data": result.data}
    if result.errors:
        told = {"errors": shown(result.errors, request_id, say), **told}
    if result.extensions:
        told["extensions"] = result.extensions
    return told


def shown(errors: list[GraphQLError], request_id: str, say: Say) -> list[GraphQLFormattedError]:
    return [formatted(error, request_id, say) for error in errors]


def problem(code: str, message: str, **about: Any) -> dict[str, Any]:
    """A body for a request that was not executed."""
    return {"errors": [{"message": message, "extensions": {"code": code, **about}}]}
