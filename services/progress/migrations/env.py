"""How alembic reaches the progress service's database."""

from services.progress.migrate import APP
from services.storage import migrations

migrations.run(APP)
