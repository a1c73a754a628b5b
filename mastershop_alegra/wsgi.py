"""What gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

from integrations.timekeeping import database_limits

database_limits.use(database_limits.WEB)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mastershop_alegra.settings")

application = get_wsgi_application()
