"""The live class service behind its client, beside the fake for what it does not answer."""

from dataclasses import replace

from resolvers.ports import Sources
from services.live_class.client import ServiceLiveClasses
from tests.fakes.platform import FakePlatform
from tests.fakes.sources import sources_of


def sources_of_live_class(client: ServiceLiveClasses, beside: FakePlatform) -> Sources:
    return replace(sources_of(beside), live_classes=client)
