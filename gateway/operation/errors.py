"""graphql-core's errors on documents and variables, as they are kept and told."""

from collections.abc import Iterable

from graphql import GraphQLError, GraphQLSyntaxError

from gateway.operation.refusal import BadDocument, Code

UNFIT_DOCUMENT = "The document does not fit the contract."
UNFIT_VARIABLES = "The variables do not fit the document."


def syntax_error(wrong: GraphQLSyntaxError) -> BadDocument:
    """Its message quotes the document and nothing else."""
    if "more than" in wrong.message and "tokens" in wrong.message:
        return BadDocument([_coded(wrong, Code.MAX_TOKENS, "The document has too many tokens.")])
    if "nested too deeply" in wrong.message:
        return BadDocument([_coded(wrong, Code.MAX_DEPTH, "The document is nested too deeply.")])
    return BadDocument([_coded(wrong, Code.PARSE, wrong.message)])


def unfit(errors: Iterable[GraphQLError], instead: str | None) -> BadDocument:
    """`instead` of their messages, which say words of the contract."""
    return BadDocument(
        [_coded(error, Code.VALIDATION, instead or error.message) for error in errors]
    )


def _coded(error: GraphQLError, code: Code, message: str) -> GraphQLError:
    """Without the document's nodes, so that what is remembered of it stays small."""
    told = GraphQLError(message, extensions={"code": code.value})
    told.locations = error.locations
    return told
