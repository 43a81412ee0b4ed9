"""Everything about attempts, the old way."""

from legacy.attempting import LegacyAttempting
from legacy.scores import LegacyScores
from legacy.submissions import LegacySubmissions
from legacy.supervising import LegacySupervising


class LegacyAttempts(LegacySubmissions, LegacyScores, LegacyAttempting, LegacySupervising):
    """The ports Attempts, Attempting and Supervising."""
