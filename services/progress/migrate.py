"""Brings the progress service's tables up to date: `python -m services.progress.migrate`."""

from services.storage import migrations

APP = "progress"

if __name__ == "__main__":
    migrations.main(APP)
