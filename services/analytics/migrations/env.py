"""How alembic reaches the database of analytics."""

from services.analytics.migrate import APP
from services.storage import migrations

migrations.run(APP)
