"""Which fields either side can answer, as the contract says it: `@strangled`."""

import strawberry
from graphql import GraphQLField
from strawberry.schema_directive import Location

from schema.directives import first_of


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="strangled",
    description="The monolith answers it or a service, as the flag of the capability says. "
    "`compare` is how the answers of both are compared.",
)
class Strangled:
    capability: str
    compare: str = "exact"


COURSE_READ = Strangled(capability="course.read")
PROGRESS_READ = Strangled(capability="progress.read")
PROGRESS_WRITE = Strangled(capability="progress.write")
LIVE_CLASS_SCHEDULE = Strangled(capability="live_class.schedule")
LIVE_CLASS_CONTROL = Strangled(capability="live_class.control")
ASSESSMENT_READ = Strangled(capability="assessment.read")
ASSESSMENT_ATTEMPTS = Strangled(capability="assessment.attempts")
ASSESSMENT_SCORING = Strangled(capability="assessment.scoring")


def capability_of(field: GraphQLField) -> str | None:
    """None where only one side can answer, or what is in it says which."""
    said = first_of(Strangled, field)
    return None if said is None else said.capability
