"""Brings the live class service's tables up to date: `python -m services.live_class.migrate`."""

from services.storage import migrations

APP = "live_class"

if __name__ == "__main__":
    migrations.main(APP)
