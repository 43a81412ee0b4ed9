"""The contract as a whole: three roots, every type, the scalars."""

from functools import cache
from pathlib import Path

import strawberry
from graphql import GraphQLSchema
from strawberry.schema.config import StrawberryConfig

from schema.assessment import Assessment
from schema.attempt import Attempt
from schema.learner import Learner
from schema.lesson import Lesson
from schema.mutation import Mutation
from schema.query import Query
from schema.scalars import SCALARS
from schema.subscription import Subscription

PRINTED = Path(__file__).with_name("schema.graphql")


@cache
def contract() -> strawberry.Schema:
    return strawberry.Schema(
        Query,
        Mutation,
        Subscription,
        types=[Assessment, Attempt, Learner, Lesson],
        config=StrawberryConfig(scalar_map=SCALARS),
    )


def core_schema() -> GraphQLSchema:
    """graphql-core's schema, which executes the contract."""
    core: GraphQLSchema = contract()._schema
    return core


def printed() -> str:
    return contract().as_str() + "\n"
