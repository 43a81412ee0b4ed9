"""Signs calls to a running system's services as its gateway does."""

from pathlib import Path

from services.kit.settings import Settings
from services.kit.signing import Signer


def gateway_of(home: Path) -> Signer:
    """With the key of a system's state folder."""
    return Signer.of(Settings(home=home), "gateway")
