"""Verifies a receipt on the side of its attempt, in the name of the learner whose it is."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from gateway.receipt.transport import ShortTransport
from legacy.attempts import LegacyAttempts
from legacy.client import LegacyClient
from legacy.zones import Zones
from services.assessment.client.attempts import ServiceAttempts
from services.contracts.assessment import Attempt
from services.contracts.assessment_api import Verified
from services.contracts.errors import Refused
from services.contracts.ids import AttemptId, GlobalId, Side, UserId
from services.contracts.learning import Role
from services.contracts.viewer import Viewer
from services.kit.asking import ServiceClient
from services.kit.caller import Caller
from services.kit.clock import SystemClock
from services.kit.deadline import Deadline
from services.kit.home import Running
from services.kit.http import Transport
from services.kit.ports import port_of
from services.kit.settings import Settings
from services.kit.signing import Signer

WITHIN_S = 10.0


@dataclass(frozen=True, slots=True)
class Finding:
    """`said` is a sentence for whoever asked."""

    is_genuine: bool
    said: str


async def verified(settings: Settings, at: Running, attempt: GlobalId, hash_: str) -> Finding:
    transport = ShortTransport(Signer.of(settings, "gateway"))
    try:
        if attempt.side is Side.SERVICE:
            return await _by_the_log(settings, at, transport, attempt, hash_)
        return await _by_what_is_there(settings, at, transport, attempt, hash_)
    finally:
        await transport.close()


async def _by_the_log(
    settings: Settings, at: Running, transport: Transport, attempt: GlobalId, hash_: str
) -> Finding:
    url = settings.assessment_url or _beside(at.gateway, "assessment")
    client = ServiceClient(transport, "assessment", url.rstrip("/"), WITHIN_S)
    found = await ServiceAttempts(client).verify(_learner(attempt), _id(attempt), hash_)
    return _refused(found) if isinstance(found, Refused) else _of_the_log(found)


def _of_the_log(found: Verified) -> Finding:
    if not found.genuine:
        return Finding(False, "Not genuine: no submit of this attempt gives this hash.")
    counted = f"{found.answered} of {found.of} items answered"
    return Finding(True, f"Genuine: submitted at {found.accepted_at}, {counted}.")


async def _by_what_is_there(
    settings: Settings, at: Running, transport: Transport, attempt: GlobalId, hash_: str
) -> Finding:
    monolith = LegacyClient(transport, SystemClock(), at.monolith, _secret(settings), WITHIN_S)
    try:
        attempts = LegacyAttempts(monolith, Zones(monolith))
        [found] = await attempts.many(_learner(attempt), [_id(attempt)])
    finally:
        await monolith.close()
    return _refused(found) if isinstance(found, Refused) else _of_what_is_there(found, hash_)


def _of_what_is_there(found: Attempt, hash_: str) -> Finding:
    if found.receipt is None:
        return Finding(False, "The monolith says that this attempt was not submitted.")
    if found.receipt.hash != hash_:
        return Finding(
            False,
            "It does not match what the monolith has now. The monolith keeps no log: whether the "
            "answers were changed since cannot be told.",
        )
    receipt = found.receipt
    counted = f"{receipt.answered} of {receipt.of} items answered"
    return Finding(
        True,
        f"It matches what the monolith has now: submitted at {receipt.accepted_at.isoformat()}, "
        f"{counted}. The monolith keeps no log that could prove more.",
    )


def _refused(refused: Refused) -> Finding:
    return Finding(False, f"It could not be verified: {refused.message}")


def _learner(attempt: GlobalId) -> Caller:
    """The one whose attempt it is."""
    _, user, _ = attempt.local.split("-")
    who = Viewer(attempt.tenant, UserId(user), frozenset({Role.LEARNER}))
    return Caller(who, Deadline.within(SystemClock(), WITHIN_S))


def _id(attempt: GlobalId) -> AttemptId:
    return AttemptId(str(attempt))


def _secret(settings: Settings) -> str:
    if settings.legacy_secret:
        return settings.legacy_secret
    return (settings.home / "keys" / "legacy").read_text().strip()


def _beside(gateway: str, role: str) -> str:
    """The running system's ports follow its gateway's, whatever our own environment says."""
    return f"http://127.0.0.1:{port_of(role, urlsplit(gateway).port or 80)}"
