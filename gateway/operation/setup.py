"""How documents are judged and found, as the settings say."""

from pathlib import Path

from gateway.operation.limits import Limits
from gateway.operation.manifest import BadManifest
from gateway.operation.persisted import Persisted
from gateway.operation.rules import Rules
from gateway.operation.texts import Texts
from gateway.operation.trusted import Trusted
from services.kit.clock import Clock
from services.kit.log import Log
from services.kit.redis import AnyRedis
from services.kit.settings import BadSetting, Profile, Settings, Trust

log = Log("documents")


def rules_of(settings: Settings) -> Rules:
    is_development = settings.profile is Profile.DEVELOPMENT
    return Rules(
        Limits(budget=settings.cost_budget),
        settings.limits,
        is_open=is_development,
        tells_cost=is_development,
        compiles_after=settings.compile_after,
    )


def texts_of(settings: Settings, clock: Clock, redis: AnyRedis | None) -> Texts:
    """Raises BadSetting where the list of documents cannot be read."""
    trusted, trust = _trusted(settings), trust_of(settings)
    if trusted is None and settings.profile is Profile.PRODUCTION:
        log.warning("documents.any", why="BANYAN_DOCUMENTS names no list, so only limits hold")
    return Texts(Persisted(clock, redis), trusted, trust)


def trust_of(settings: Settings) -> Trust:
    """By itself a list is binding in production; without one there is nothing to hold to."""
    if settings.trusted is not Trust.AUTO:
        return settings.trusted
    is_binding = settings.documents and settings.profile is Profile.PRODUCTION
    return Trust.ONLY if is_binding else Trust.OFF


def _trusted(settings: Settings) -> Trusted | None:
    if not settings.documents:
        return None
    try:
        return Trusted(Path(settings.documents))
    except (BadManifest, OSError) as bad:
        raise BadSetting(f"BANYAN_DOCUMENTS={settings.documents}: {bad}") from bad
