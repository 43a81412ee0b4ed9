"""What to try first: shown once everything answers."""

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path

from deploy.crew import Crew
from deploy.terminal import Terminal
from services.storage.embedded import Command

TENANT = "northfield"
ROLES = ("learner", "teacher", "operator")
QUERY = "{ viewer { name courses(first: 3) { edges { node { title progress { ratio } } } } } }"


def welcome(
    terminal: Terminal, gateway: str, home: Path, tokens: Mapping[str, str], realtime: str = ""
) -> None:
    """Says where to look and what to paste; `tokens` are by role, and may be none.

    `realtime` is where sockets and streams are served, if elsewhere.
    """
    terminal.say()
    terminal.say(f"GraphiQL   {gateway}/graphql", style="bold")
    if realtime:
        terminal.say(f"Sockets    {realtime}/graphql")
    terminal.say(f"Logs       {home / 'logs'}")
    for role, token in tokens.items():
        terminal.say(f"\nBearer token, {role} of {TENANT}:\n{token}")
    terminal.say(f"\nA query to paste:\n{QUERY}")
    if "learner" in tokens:
        terminal.say(f"\nOr from another terminal:\n{curl(gateway, tokens['learner'])}")
    terminal.say("\nCtrl-C stops everything.", style="bold")


async def demo_tokens(crew: Crew, environ: Mapping[str, str]) -> dict[str, str]:
    """What `banyan token` prints for each role; nothing when somebody else issues them.

    `environ` is the gateway's: with it the command finds the issuer's key.
    """
    printed = await asyncio.gather(*(crew.read(_token(role, environ)) for role in ROLES))
    return {
        role: token.strip() for role, token in zip(ROLES, printed, strict=True) if token is not None
    }


def curl(gateway: str, token: str) -> str:
    return (
        f"curl -s {gateway}/graphql -H 'content-type: application/json' "
        f"-H 'authorization: Bearer {token}' -d '{{\"query\":\"{QUERY}\"}}'"
    )


def _token(role: str, environ: Mapping[str, str]) -> Command:
    banyan = Path(sys.executable).with_name("banyan")
    argv = (str(banyan), "token", role, "--tenant", TENANT)
    return Command(f"token.{role}", argv, Path.cwd(), environ)
