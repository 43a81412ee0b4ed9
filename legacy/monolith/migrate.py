"""Brings the monolith's tables up to date: `python -m legacy.monolith.migrate`."""

import os
import sys
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy.exc import DBAPIError

from legacy.monolith.settings import BadSetting, database_url

FOLDER = Path(__file__).parent / "migrations"


def migrate(url: str) -> None:
    """Runs what is missing; needs a thread without an event loop."""
    config = Config()
    # ConfigParser reads % as the beginning of a placeholder.
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["url"] = url
    command.upgrade(config, "head")


def main() -> None:
    try:
        migrate(database_url(os.environ))
    except BadSetting as wrong:
        sys.exit(str(wrong))
    except (OSError, DBAPIError) as failed:
        sys.exit(f"The monolith's database cannot be migrated: {getattr(failed, 'orig', failed)}")


if __name__ == "__main__":
    main()
