"""All settings, in one module; what the surroundings say comes checked from ``environment``."""

import sys
from datetime import timedelta
from typing import Any

import dj_database_url
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _
from kombu import Queue

from factcheck import environment, logs
from factcheck.brokers import broker_url, cache_url

with environment.or_stop():
    ENV = environment.read()

BASE_DIR = environment.BASE_DIR
HOME = ENV.home
DEMO = ENV.demo
DEBUG = ENV.debug
SECRET_KEY = ENV.secret_key
ALLOWED_HOSTS = list(ENV.allowed_hosts)
SITE_URL = ENV.site_url
HTTPS = SITE_URL.startswith("https://")
DESK_NAME = ENV.desk_name
CONTACT = ENV.contact
ARCHIVE_DIR = ENV.archive_dir
COVERAGE = ENV.coverage
TRUSTED_PROXIES = ENV.trusted_proxies
WAYBACK_KEYS = ENV.wayback_keys
WAYBACK_SAVE = ENV.wayback_save
RECHECK_PER_NIGHT = ENV.recheck_per_night

INSTALLED_APPS = [
    "factcheck",
    # Before Django's admin, whose templates theirs replace.
    "reviews",
    "claims",
    "factcheck.admin.apps.DeskAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "axes",
    "csp",
    "django_structlog",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]
MIDDLEWARE = [
    "factcheck.address.TrustedProxies",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "factcheck.rest.StrongGZip",
    "factcheck.lanes.Policy",
    "factcheck.lanes.Session",
    "factcheck.lanes.Language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "factcheck.lanes.Person",
    "factcheck.lanes.SecondFactor",
    "factcheck.lanes.Messages",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "factcheck.requests.Noted",
    "axes.middleware.AxesMiddleware",
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
                "csp.context_processors.nonce",
            ]
        },
    }
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Database: the application's role; the owner is here only where migrations run.


def _database(url: str) -> dict[str, Any]:
    parsed: dict[str, Any] = {**dj_database_url.parse(url)}
    # Whoever falls asleep in the middle of a transaction lets go of the rows in time.
    asleep = "-c idle_in_transaction_session_timeout=30s"
    # One plan for all values: planning the queue’s statement takes longer than running it.
    planned = "-c plan_cache_mode=force_generic_plan"
    options: dict[str, Any] = {
        "connect_timeout": 5,
        "options": f"{asleep} {planned}",
        # For the fixed statements alone (claims/statements.py): the ORM’s cursors never prepare.
        "prepare_threshold": 0,
        **parsed.get("OPTIONS", {}),
    }
    return {**parsed, "OPTIONS": options, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}


DATABASES: dict[str, dict[str, Any]] = {
    "default": _database(ENV.database_url or "postgresql://desk_app@127.0.0.1/desk")
}
if ENV.database_owner_url:
    DATABASES["owner"] = _database(ENV.database_owner_url)
if ENV.database_pool:
    # Threads of one process share it. Prefork workers keep one connection each instead.
    DATABASES["default"]["CONN_MAX_AGE"] = 0
    # The backend’s own look at a connection costs no question to the server.
    DATABASES["default"]["ENGINE"] = "factcheck.postgres"
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = False
    DATABASES["default"]["OPTIONS"]["pool"] = {
        "min_size": 2,
        "max_size": ENV.database_pool,
        "timeout": 5,
    }

# Valkey: broker and cache in two databases, so that emptying one leaves the other alone.

REDIS_URL = ENV.redis_url or "redis://127.0.0.1:6379/0"
CACHES = {
    "default": {
        "BACKEND": "factcheck.cache.Cache",
        "LOCATION": cache_url(REDIS_URL),
        "KEY_PREFIX": "desk",
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }
}

# The row is the truth, the message a hint: a broker that is gone must cost seconds, never work.

CELERY_BROKER_URL = broker_url(REDIS_URL)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_connect_timeout": 2,
    "socket_timeout": 3,
    "health_check_interval": 30,
    "max_retries": 1,
    # Without these a refused connection waits two seconds before it says so.
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.2,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for its broker, however long
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_max": 0.2}
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 3 if DEMO else 20
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_TASK_DEFAULT_QUEUE = "work"
CELERY_TASK_CREATE_MISSING_QUEUES = False
QUEUES = (CELERY_TASK_DEFAULT_QUEUE,)
CELERY_TASK_QUEUES = [Queue(name) for name in QUEUES]
CELERY_TASK_ROUTES = {f"job:ping.{name}": {"queue": name} for name in QUEUES}
CELERY_TIMEZONE = "UTC"
# A tick that nobody took in time is dropped: the next one does the same.
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "ping": {"task": "desk.ping", "schedule": 10.0, "options": {"expires": 10}},
    "sweep": {"task": "desk.sweep", "schedule": 15.0, "options": {"expires": 15}},
    "settle": {"task": "claims.settle", "schedule": 15.0, "options": {"expires": 15}},
    "archive": {"task": "claims.archive", "schedule": 60.0, "options": {"expires": 60}},
    "rank": {"task": "reviews.rank", "schedule": 60.0, "options": {"expires": 60}},
    "digests": {"task": "reviews.digests", "schedule": 300.0, "options": {"expires": 300}},
    "public-archive": {"task": "reviews.archive", "schedule": 300.0, "options": {"expires": 300}},
    "look-again": {"task": "reviews.look_again", "schedule": 1800.0, "options": {"expires": 1800}},
    "disputes": {"task": "reviews.disputes", "schedule": 300.0, "options": {"expires": 300}},
    "silences": {"task": "reviews.silences", "schedule": 60.0, "options": {"expires": 60}},
}
# Nothing to remember between starts, so no file that a kill could leave half written.
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"

# People

AUTH_USER_MODEL = "claims.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
# By name and address together: a stranger who guesses cannot lock the person out everywhere.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_HTTP_RESPONSE_CODE = 429
AXES_LOCKOUT_CALLABLE = "factcheck.trouble.locked_out"
AXES_VERBOSE = False
AXES_IPWARE_META_PRECEDENCE_ORDER = ["REMOTE_ADDR"]
OTP_TOTP_ISSUER = DESK_NAME
OTP_REQUIRED = not DEMO

# Mail: without a server nothing is sent, and nobody is offered it.

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = ENV.mail.host if ENV.mail else ""
EMAIL_PORT = ENV.mail.port if ENV.mail else 0
EMAIL_HOST_USER = ENV.mail.user if ENV.mail else ""
EMAIL_HOST_PASSWORD = ENV.mail.password if ENV.mail else ""
EMAIL_USE_SSL = ENV.mail is not None and ENV.mail.tls
EMAIL_USE_TLS = ENV.mail is not None and ENV.mail.starttls
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENV.mail_from or "desk@localhost"

# Browsers

_PREFIX = "__Host-" if HTTPS else "desk_"
SESSION_COOKIE_NAME = f"{_PREFIX}session"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"
CSRF_COOKIE_NAME = f"{_PREFIX}csrf"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CSRF_FAILURE_VIEW = "factcheck.trouble.csrf_failed"
LANGUAGE_COOKIE_NAME = f"{_PREFIX}language"
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

# Files

STATIC_URL = "/static/"
# An image brings its static files collected; elsewhere they are served from where they lie.
STATIC_ROOT = next(
    (folder for folder in [BASE_DIR / "staticfiles"] if folder.is_dir()), HOME / "static"
)
_COLLECTED = (STATIC_ROOT / "staticfiles.json").exists()
WHITENOISE_USE_FINDERS = not _COLLECTED
WHITENOISE_AUTOREFRESH = DEBUG
MEDIA_ROOT = HOME / "captures"
STORAGES = {
    "default": {"BACKEND": "factcheck.objects.CaptureStore", "OPTIONS": ENV.captures.options}
    if ENV.captures is not None
    else {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if _COLLECTED or "collectstatic" in sys.argv
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# API: nothing is open unless a view says so.

REST_FRAMEWORK: dict[str, Any] = {
    # Tokens stand first: a caller without any is told 401, not 403.
    "DEFAULT_AUTHENTICATION_CLASSES": ["claims.api.auth.Bearer", "claims.api.auth.Session"],
    "DEFAULT_PERMISSION_CLASSES": ["factcheck.rest.Nobody"],
    "DEFAULT_THROTTLE_CLASSES": ["claims.api.rate.PerCaller"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["factcheck.rest.StrictJSON", "factcheck.rest.Upload"],
    "DEFAULT_PAGINATION_CLASS": "factcheck.rest.Keyset",
    "DEFAULT_SCHEMA_CLASS": "claims.api.schema.DeskSchema",
    "EXCEPTION_HANDLER": "factcheck.rest.on_error",
    "URL_FORMAT_OVERRIDE": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
API_REQUESTS_PER_MINUTE = 6000 if DEMO else 600
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Fact-check desk",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "PREPROCESSING_HOOKS": ["claims.api.schema.only_the_api"],
    "POSTPROCESSING_HOOKS": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

# Languages and time

LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", _("English")),
    ("fr", _("French")),
    ("es", _("Spanish")),
    ("ar", _("Arabic")),
    ("he", _("Hebrew")),
]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

LOGGING_CONFIG = None
logs.configure(level=ENV.log_level, for_people=DEBUG)
