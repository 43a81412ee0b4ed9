"""Brings analytics' tables up to date: `python -m services.analytics.migrate`."""

from services.storage import migrations

APP = "analytics"

if __name__ == "__main__":
    migrations.main(APP)
