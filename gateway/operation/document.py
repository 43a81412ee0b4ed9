"""Documents: parsed, measured and validated once, and kept by their hash."""

from collections import OrderedDict
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    parse,
    validate,
)
from graphql.execution.values import VariableValues

from gateway.operation.ask import digest
from gateway.operation.errors import UNFIT_DOCUMENT, UNFIT_VARIABLES, syntax_error, unfit
from gateway.operation.hints import hints
from gateway.operation.limits import Excess, excesses
from gateway.operation.measure import Measure, measure
from gateway.operation.plan import Document, Planned, planned
from gateway.operation.price import prices
from gateway.operation.refusal import BadDocument, Code, refused
from gateway.operation.repeats import repeats
from gateway.operation.rules import Rules
from gateway.operation.variables import MOST_ERRORS

MOST_TOKENS = 6_000
"""Of all documents kept, some 60 dashboards: a full collection goes through them all at once."""
WITH_PLACES = 3
"""So many times as much a document takes that knows where in its text each part stands."""
MOST_REFUSED = 500


class Documents:
    """Keeps those used last, of up to `most_tokens` together; and why others were refused."""

    def __init__(
        self, schema: GraphQLSchema, rules: Rules | None = None, most_tokens: int = MOST_TOKENS
    ) -> None:
        self.rules = rules or Rules()
        self._schema = schema
        self._prices = prices(schema)
        self._hints = hints(schema)
        self._most_tokens = most_tokens // (WITH_PLACES if self.rules.is_open else 1)
        self._tokens = 0
        self._kept: OrderedDict[str, Document] = OrderedDict()
        self._refused: OrderedDict[str, list[GraphQLError]] = OrderedDict()

    def read(self, text: str, hash_: str | None = None) -> Document:
        """Raises BadDocument; `hash_` is the text's, where it is known already."""
        if len(text) > self.rules.limits.length:
            raise refused(Code.MAX_LENGTH, "The document is too long.")
        key = hash_ or digest(text)
        document = self._kept.get(key)
        if document is None:
            return self._keep(self._judged(text, key))
        self._kept.move_to_end(key)
        return document

    def variables(self, operation: Planned, given: dict[str, Any] | None) -> VariableValues:
        """As the operation takes them; raises BadDocument."""
        is_open = self.rules.is_open
        read = operation.variables.of(given, hide_suggestions=not is_open)
        if isinstance(read, list):
            raise unfit(read, None if is_open else UNFIT_VARIABLES)
        return read

    def _keep(self, document: Document) -> Document:
        self._kept[document.hash] = document
        self._tokens += document.tokens
        while self._tokens > self._most_tokens:
            _, oldest = self._kept.popitem(last=False)
            self._tokens -= oldest.tokens
        return document

    def _judged(self, text: str, key: str) -> Document:
        if key in self._refused:
            raise BadDocument(self._refused[key])
        try:
            return self._read(text, key)
        except BadDocument as bad:
            self._refused[key] = bad.errors
            if len(self._refused) > MOST_REFUSED:
                self._refused.popitem(last=False)
            raise

    def _read(self, text: str, key: str) -> Document:
        node = self._parsed(text)
        try:
            is_bounded = self._measured(node, key)
            self._validate(node)
            plans = planned(
                self._schema,
                self._prices,
                self._hints,
                node,
                is_bounded=is_bounded,
                compiles_after=self.rules.compiles_after,
            )
        except RecursionError as deep:
            raise refused(Code.MAX_DEPTH, "The document is nested too deeply.") from deep
        return Document(node, key, plans)

    def _parsed(self, text: str) -> DocumentNode:
        rules = self.rules
        try:
            return parse(text, max_tokens=rules.limits.tokens, no_location=not rules.is_open)
        except GraphQLSyntaxError as wrong:
            raise syntax_error(wrong) from None

    def _measured(self, node: DocumentNode, key: str) -> bool:
        """Whether all is within what its work may grow to."""
        measured = measure(node)
        if measured.introspects and not self.rules.is_open:
            raise refused(Code.INTROSPECTION_OFF, "Introspection is off.")
        for excess in excesses(measured, self.rules.limits):
            self.rules.judge(excess, key)
        if not _is_bounded(measured, self.rules):
            return False
        compared, most = repeats(node), self.rules.limits.repeats
        if compared > most:
            self.rules.judge(Excess(Code.MAX_REPEATS, compared, most), key)
        return True

    def _validate(self, node: DocumentNode) -> None:
        is_open = self.rules.is_open
        most = MOST_ERRORS if is_open else 1
        errors = validate(self._schema, node, max_errors=most, hide_suggestions=not is_open)
        if errors:
            raise unfit(errors, None) if is_open else unfit(errors[:1], UNFIT_DOCUMENT)


def _is_bounded(measured: Measure, rules: Rules) -> bool:
    return measured.selections <= rules.limits.selections
