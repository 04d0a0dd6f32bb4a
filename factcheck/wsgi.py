"""The web application."""

import os

from django.core.wsgi import get_wsgi_application

from factcheck import environment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
with environment.or_stop():
    environment.read().refuse_to_serve()
application = get_wsgi_application()
