"""How alembic reaches the assessment service's database."""

from services.assessment.migrate import APP
from services.storage import migrations

migrations.run(APP)
