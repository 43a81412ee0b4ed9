"""Runs the service: `python -m services.assessment [--only api|relay|projector|time]`."""

from collections.abc import Mapping

from services.assessment.service import SOURCE, Addresses, service
from services.events.kafka.address import kafka_of
from services.events.main import run_service
from services.kit.settings import Settings, url_of
from services.kit.signing import Signer
from services.storage.address import database_url, redis_url


def addresses(settings: Settings, environ: Mapping[str, str]) -> Addresses:
    database, redis = database_url(SOURCE, environ), redis_url(environ)
    return Addresses(
        database,
        redis,
        url_of(settings, "feeder"),
        kafka_of(environ),
        signer=Signer.of(settings, SOURCE),
    )


if __name__ == "__main__":
    run_service(SOURCE, addresses, service)
