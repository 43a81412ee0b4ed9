"""The live class service keeps what every source of live classes promises."""

from tests.contract import test_live_classes as promised


class TestService(promised.TestLiveClasses):
    """Over the service behind its client."""
