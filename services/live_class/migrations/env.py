"""How alembic reaches the live class service's database."""

from services.live_class.migrate import APP
from services.storage import migrations

migrations.run(APP)
