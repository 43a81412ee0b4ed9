"""Runs the live class service: `python -m services.live_class [--only api|relay|…]`."""

from collections.abc import Mapping

from services.events.kafka.address import kafka_of
from services.events.main import run_service
from services.kit.settings import Settings, url_of
from services.kit.signing import Signer
from services.live_class.entrance.regions import read_atlas
from services.live_class.migrate import APP
from services.live_class.service import Addresses, service
from services.storage.address import database_url, redis_url, replica_urls


def addresses(settings: Settings, environ: Mapping[str, str]) -> Addresses:
    # What is wrong with it is said before anything begins.
    read_atlas(settings.turn_file)
    database, redis = database_url(APP, environ), redis_url(environ)
    return Addresses(
        database,
        redis,
        url_of(settings, "feeder"),
        kafka_of(environ),
        replica_urls(APP, environ),
        signer=Signer.of(settings, APP),
        settings=settings,
    )


if __name__ == "__main__":
    run_service(APP, addresses, service)
