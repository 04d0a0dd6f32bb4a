"""Makes this desk's Celery app the current one, and its checks known, wherever Django runs."""

from django.apps import AppConfig

from factcheck import checks
from factcheck.celery import app as celery

__all__ = ["FactcheckConfig", "celery", "checks"]


class FactcheckConfig(AppConfig):
    name = "factcheck"
    verbose_name = "Fact-check desk"
