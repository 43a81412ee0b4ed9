"""Where Kafka is and how one signs in there: as the environment says, or nowhere."""

from collections.abc import Mapping
from typing import TypeAlias

Kafka: TypeAlias = Mapping[str, str]
"""Settings of librdkafka, by its own names."""

BOOTSTRAP = "KAFKA_BOOTSTRAP"
SETTINGS = {
    BOOTSTRAP: "bootstrap.servers",
    "KAFKA_SECURITY_PROTOCOL": "security.protocol",
    "KAFKA_SASL_MECHANISM": "sasl.mechanisms",
    "KAFKA_SASL_USERNAME": "sasl.username",
    "KAFKA_SASL_PASSWORD": "sasl.password",
    "KAFKA_SSL_CA_LOCATION": "ssl.ca.location",
}


class Hidden(dict[str, str]):
    """Shows its names alone."""

    def __repr__(self) -> str:
        return f"Kafka({', '.join(self)})"


def kafka_of(environ: Mapping[str, str]) -> Kafka | None:
    """None where KAFKA_BOOTSTRAP names no broker: then nothing is sent to any."""
    if not environ.get(BOOTSTRAP):
        return None
    given = {known: environ[name] for name, known in SETTINGS.items() if environ.get(name)}
    return Hidden(given)
