"""The progress service behind its client, beside the fake for what it does not answer."""

from dataclasses import replace

from resolvers.ports import Sources
from services.kit.asking import ServiceClient
from services.progress.client.assessments import ServiceAssessments
from services.progress.client.courses import ServiceCourses
from services.progress.client.people import ServicePeople
from services.progress.client.progress import ServiceCompletions, ServiceProgress
from tests.fakes.platform import FakePlatform
from tests.fakes.sources import sources_of


def sources_of_progress(client: ServiceClient, beside: FakePlatform) -> Sources:
    progress = ServiceProgress(client)
    return replace(
        sources_of(beside),
        people=ServicePeople(client),
        courses=ServiceCourses(client),
        progress=progress,
        completions=ServiceCompletions(client),
        written=progress,
        assessments=ServiceAssessments(client),
    )
