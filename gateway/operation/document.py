"""Documents: parsed and validated once, kept by their text."""

from collections import OrderedDict

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    get_operation_ast,
    parse,
    validate,
)

MOST_TOKENS = 1_000
MOST_ERRORS = 5


class BadDocument(Exception):
    """The document cannot be run; `errors` say why."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__(errors[0].message)
        self.errors = errors


class Documents:
    """Keeps the `most` documents used last."""

    def __init__(self, schema: GraphQLSchema, most: int = 1_000) -> None:
        self._schema = schema
        self._most = most
        self._kept: OrderedDict[str, DocumentNode] = OrderedDict()

    def read(self, text: str) -> DocumentNode:
        """Raises BadDocument."""
        document = self._kept.get(text)
        if document is None:
            document = self._kept[text] = self._validated(text)
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
        self._kept.move_to_end(text)
        return document

    def _validated(self, text: str) -> DocumentNode:
        try:
            document = parse(text, max_tokens=MOST_TOKENS)
        except GraphQLError as wrong:
            raise BadDocument([wrong]) from wrong
        errors = validate(self._schema, document, max_errors=MOST_ERRORS)
        if errors:
            raise BadDocument(errors)
        return document


def operation_of(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    """The one operation to run; raises BadDocument where that is not clear."""
    operation = get_operation_ast(document, name)
    if operation is None:
        raise BadDocument([GraphQLError("Name one operation of the document.")])
    return operation
