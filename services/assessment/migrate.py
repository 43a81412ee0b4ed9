"""Brings the assessment service's tables up to date: `python -m services.assessment.migrate`."""

from services.storage import migrations

APP = "assessment"

if __name__ == "__main__":
    migrations.main(APP)
