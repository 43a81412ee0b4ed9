"""The contract as a whole: three roots, every type, the scalars."""

from functools import cache
from pathlib import Path

import strawberry
from graphql import GraphQLInputObjectType, GraphQLSchema
from strawberry.schema.config import StrawberryConfig

from schema.assessment import Assessment
from schema.attempt import Attempt
from schema.directives import DEFINITION
from schema.learner import Learner
from schema.lesson import Lesson
from schema.mutation import Mutation
from schema.query import Query
from schema.scalars import SCALARS
from schema.subscription import Subscription

PRINTED = Path(__file__).with_name("schema.graphql")


@cache
def contract() -> strawberry.Schema:
    made = strawberry.Schema(
        Query,
        Mutation,
        Subscription,
        types=[Assessment, Attempt, Learner, Lesson],
        config=StrawberryConfig(scalar_map=SCALARS, enable_experimental_incremental_execution=True),
    )
    return _with_one_of(_without_stream(made))


def _without_stream(made: strawberry.Schema) -> strawberry.Schema:
    """Lists are answered as a whole, so only `@defer` has anything to put off."""
    core = made._schema
    core.directives = tuple(one for one in core.directives if one.name != "stream")
    return made


def _with_one_of(made: strawberry.Schema) -> strawberry.Schema:
    """Strawberry finds two of `@oneOf` when a field runs already: validation is to find them."""
    for kind in made._schema.type_map.values():
        if isinstance(kind, GraphQLInputObjectType):
            kind.is_one_of = kind.extensions[DEFINITION].is_one_of
    return made


def core_schema() -> GraphQLSchema:
    """graphql-core's schema, which executes the contract."""
    core: GraphQLSchema = contract()._schema
    return core


def printed() -> str:
    return contract().as_str() + "\n"
