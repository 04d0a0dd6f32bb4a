"""All settings in one module; a wrong value stops the start and names itself."""

from pathlib import Path

from environs import Env

env = Env()
BASE_DIR = Path(__file__).resolve().parent.parent
HOME = Path(env.str("FACTCHECK_HOME", str(BASE_DIR / "var"))).resolve()
DEBUG = env.bool("DEBUG", False)
DEMO = (HOME / "demo-home").exists()
SECRET_KEY = env.str("SECRET_KEY", "not-a-secret-" * 5)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["*"])
SITE_URL = env.str("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
DESK_NAME = env.str("DESK_NAME", "Fact-check desk")

INSTALLED_APPS = [
    "factcheck",
    "factcheck.admin.apps.DeskAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "claims",
    "reviews",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
]
ROOT_URLCONF = "factcheck.urls"
WSGI_APPLICATION = "factcheck.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
DATABASES = {
    "default": env.dj_db_url("DATABASE_URL", "postgresql:///desk"),
    "owner": env.dj_db_url("DATABASE_OWNER_URL", env.str("DATABASE_URL", "postgresql:///desk")),
}
AUTH_USER_MODEL = "claims.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
MEDIA_ROOT = HOME / "captures"
WHITENOISE_USE_FINDERS = True
REDIS_URL = env.str("REDIS_URL", "")
ARCHIVE_DIR = Path(env.str("ARCHIVE_DIR", str(BASE_DIR / "seeds" / "archive")))
REST_FRAMEWORK = {"DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema"}
