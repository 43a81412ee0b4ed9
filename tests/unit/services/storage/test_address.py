"""Where databases are: as the environment says, each app with one of its own."""

from services.storage.address import database_url, replica_urls

ONE, TWO = "postgresql://me:x@one:1,spare:2/postgres", "postgres://me:x@two:3/postgres"


def test_each_app_has_a_database_of_its_own() -> None:
    assert (
        database_url("progress", {"DATABASE_URL": TWO}) == "postgres://me:x@two:3/banyan_progress"
    )


def test_commas_part_replicas_and_within_one_its_servers() -> None:
    assert replica_urls("progress", {"DATABASE_READ_URL": f"{ONE},{TWO}"}) == (
        "postgresql://me:x@one:1,spare:2/banyan_progress",
        "postgres://me:x@two:3/banyan_progress",
    )


def test_without_a_replica_there_is_none() -> None:
    assert replica_urls("progress", {}) == ()
