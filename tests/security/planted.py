"""Secrets that are easily found again, and the ways by which our own code could tell them."""

import io
import logging
import pprint
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from urllib.parse import quote

from deploy import environ as deployed
from legacy.feeder.__main__ import addresses as feeder
from legacy.monolith.settings import Settings as MonolithSettings
from services.analytics.run import addresses as analytics
from services.assessment.__main__ import addresses as assessment
from services.events.kafka.address import kafka_of
from services.kit.home import Running
from services.kit.http import Call, Reply
from services.kit.log import AsJson, Log
from services.kit.redaction import Redaction
from services.kit.settings import BadSetting, Settings
from services.live_class.__main__ import addresses as live_class
from services.progress.__main__ import addresses as progress
from services.storage.embedded import Command

KEYS = (
    *("BANYAN_LEGACY_SECRET", "BANYAN_TOKEN_KEY", "BANYAN_SERVICE_KEY", "BANYAN_SCORER_KEY"),
    *("MONOLITH_GATEWAY_SECRET", "KAFKA_SASL_PASSWORD", "LRS_SECRET"),
    *("BANYAN_UNLEASH_TOKEN", "BANYAN_UNLEASH_ADMIN_TOKEN"),
)
PASSWORDS = (
    *("DATABASE_URL", "DATABASE_READ_URL", "REDIS_URL"),
    *("BANYAN_LEGACY_URL", "BANYAN_UNLEASH_URL"),
)
CARRIED = ("bearer", "cookie", "idempotency key")
NOWHERE = "127.0.0.1:1"
FEW = 6


@dataclass(frozen=True, slots=True)
class Planted:
    """`secrets` by what each is; those of `environ` are in it, whole or as an address' password."""

    secrets: dict[str, str]
    environ: dict[str, str]
    said: dict[str, str] = field(default_factory=dict)
    """What came out, by the way that it took."""

    def say(self, way: str, text: str) -> None:
        self.said[way] = self.said.get(way, "") + text + "\n"

    def found(self) -> list[tuple[str, str]]:
        """Way and secret."""
        return [
            (way, name)
            for way, text in self.said.items()
            for name, secret in self.secrets.items()
            if any(form in text for form in _forms(secret))
        ]


def planted(home: Path) -> Planted:
    secrets = {name: f"{token_hex(6)}/{token_hex(6)}" for name in (*KEYS, *PASSWORDS, *CARRIED)}
    secrets["cookie"] = secrets["cookie"].replace("/", "-")
    of_keys = {name: secrets[name] for name in KEYS}
    quoted = {name: quote(secrets[name], safe="") for name in PASSWORDS}
    return Planted(
        secrets,
        {
            **of_keys,
            "BANYAN_HOME": str(home),
            "BANYAN_LEGACY_URL": f"http://bff:{quoted['BANYAN_LEGACY_URL']}@{NOWHERE}",
            "BANYAN_UNLEASH_URL": f"http://bff:{quoted['BANYAN_UNLEASH_URL']}@{NOWHERE}/api",
            "DATABASE_URL": f"postgresql://banyan:{quoted['DATABASE_URL']}@{NOWHERE}/x",
            "DATABASE_READ_URL": f"postgresql://banyan:{quoted['DATABASE_READ_URL']}@{NOWHERE}/x",
            "REDIS_URL": f"redis://:{quoted['REDIS_URL']}@{NOWHERE}/0",
            "KAFKA_BOOTSTRAP": NOWHERE,
            "LRS_URL": f"http://{NOWHERE}",
        },
    )


def tell(plants: Planted) -> None:
    """By every way inside of one process."""
    for way in (_settings, _addresses, _kafka, _deployed, _calls, _bad_settings, _logged):
        for text in way(plants):
            plants.say(way.__name__.strip("_"), text)


def _forms(secret: str) -> set[str]:
    """As it is, in an address, in basic authentication; a half betrays as much as the whole."""
    halves = [half for half in secret.split("/") if len(half) > FEW]
    plain = {secret, quote(secret, safe=""), *halves}
    return plain | {b64encode(form.encode()).decode().rstrip("=")[:-1] for form in plain}


def _shown(thing: object) -> str:
    return f"{thing!r} {thing!s} {thing} {[thing]} {pprint.pformat(thing)}"


def _settings(plants: Planted) -> Iterator[str]:
    monolith = {**plants.environ, "MONOLITH_DATABASE_URL": plants.environ["DATABASE_URL"]}
    yield _shown(Settings.read(plants.environ))
    yield _shown(MonolithSettings.read(monolith))


def _addresses(plants: Planted) -> Iterator[str]:
    settings = Settings.read(plants.environ)
    of_all: list[Callable[[Settings, Mapping[str, str]], object]] = [
        *(analytics, assessment, feeder, live_class, progress)
    ]
    yield from (_shown(of(settings, plants.environ)) for of in of_all)


def _kafka(plants: Planted) -> Iterator[str]:
    kafka = kafka_of(plants.environ)
    assert kafka is not None
    assert kafka["sasl.password"] == plants.secrets["KAFKA_SASL_PASSWORD"]
    yield _shown(kafka)


def _deployed(plants: Planted) -> Iterator[str]:
    environ = plants.environ
    stores = environ["DATABASE_URL"], environ["REDIS_URL"]
    at = deployed.Addresses("http://a", environ["BANYAN_LEGACY_URL"], *stores)
    settings = Settings.read(environ)
    secret = environ["BANYAN_LEGACY_SECRET"]
    yield _shown(deployed.Environ(environ, Path(), settings, at, secret, 1))
    yield _shown(Running(1, "http://a", environ["BANYAN_LEGACY_URL"], *stores))
    yield _shown(Command("one", ("true",), Path(), environ))


def _calls(plants: Planted) -> Iterator[str]:
    said = plants.secrets
    headers = {"cookie": said["cookie"], "authorization": f"Bearer {said['bearer']}"}
    yield _shown(Call("legacy", "POST", "http://a", headers, said["idempotency key"].encode()))
    yield _shown(Reply(200, {"set-cookie": said["cookie"]}, said["bearer"].encode()))


def _bad_settings(plants: Planted) -> Iterator[str]:
    """Each stands beside a whole set of secrets; some are where they do not belong."""
    said = plants.secrets["BANYAN_TOKEN_KEY"]
    wrong = {
        "BANYAN_TOKN_KEY": said,
        "BANYAN_ORIGINS": f"https://me:{quote(said, safe='')}@a/b",
        "BANYAN_PORT": "0",
        "BANYAN_WORKERS": "0",
        "BANYAN_DRAIN_S": "long",
        "BANYAN_FULL_N": "maybe",
        "BANYAN_PROFILE": "production",
        "BANYAN_TRUSTED": "only",
    }
    for name, text in wrong.items():
        try:
            Settings.read({**plants.environ, name: text})
        except BadSetting as refused:
            yield _shown(refused)
        else:
            raise AssertionError(name)


def _logged(plants: Planted) -> Iterator[str]:
    """An error whose causes hold all there is, and fields that somebody added without thought."""
    out, logger = io.StringIO(), logging.getLogger("planted")
    handler = logging.StreamHandler(out)
    handler.setFormatter(AsJson(Redaction(plants.environ)))
    logger.propagate, logger.handlers = False, [handler]
    carried = {name: plants.secrets[name] for name in CARRIED}
    texts = [
        *plants.environ.values(),
        *(f"Bearer {carried['bearer']}", f"Cookie: banyan={carried['cookie']}"),
        str({"idempotency-key": carried["idempotency key"]}),
    ]
    for text in texts:
        try:
            try:
                raise ConnectionError(text)
            except ConnectionError as away:
                raise ValueError("deeper") from away
        except ValueError as failed:
            Log("planted").error("it.failed", failed, why=repr(failed.__cause__))
        yield _shown(out.getvalue())
