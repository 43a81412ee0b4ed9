"""Everything about attempts, from the assessment service."""

from services.assessment.client.reading import Reading
from services.assessment.client.supervising import Supervising


class ServiceAttempts(Reading, Supervising):
    """The ports Attempts, Attempting and Supervising; and which side somebody begins on."""
