"""All settings, read from the environment in one place.

With nothing set the project runs *embedded*: SQLite, a broker of plain files, its own
secrets made on first start under `VAR`. Setting `DATABASE_URL` and `REDIS_URL` makes it
*production*. Nothing else in the code asks which.
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

import environ

from integrations.timekeeping.database_limits import COMMAND
from integrations.timekeeping.timing import Timing
from mastershop_alegra.secrets_file import embedded_secrets

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

VAR = Path(env.str("VAR", default=str(BASE_DIR / "var"))).resolve()
PORT = env.int("PORT", default=8000)
EMBEDDED = not env.str("DATABASE_URL", default="")
DEBUG = env.bool("DEBUG", default=False)

# --- Secrets -----------------------------------------------------------------------------
if EMBEDDED and not env.str("SECRET_KEY", default=""):
    for _name, _value in embedded_secrets(VAR).items():
        os.environ.setdefault(_name, _value)
SECRET_KEY = env.str("SECRET_KEY")
# Fernet keys, newest first: the first encrypts, all decrypt (`manage.py rotate_keys`).
FIELD_KEYS = env.list("FIELD_KEYS")
# Never rotated: the markers by which our documents are found in Alegra hang on it.
MARKER_KEY = env.str("MARKER_KEY")

# --- Addresses ---------------------------------------------------------------------------
BASE_URL = env.str("BASE_URL", default=f"http://localhost:{PORT}").rstrip("/")
ALEGRA_URL = env.str("ALEGRA_URL", default="https://api.alegra.com/api/v1").rstrip("/")
ALEGRA_APP_URL = env.str("ALEGRA_APP_URL", default="https://app.alegra.com").rstrip("/")
MASTERSHOP_URL = env.str("MASTERSHOP_URL", default="https://prod.api.mastershop.com/api").rstrip(
    "/"
)
# The stand-ins for both outside systems, for *modo de prueba*. Empty: there is no such mode.
SIMULATED_ALEGRA_URL = env.str("SIMULATED_ALEGRA_URL", default="").rstrip("/")
SIMULATED_MASTERSHOP_URL = env.str("SIMULATED_MASTERSHOP_URL", default="").rstrip("/")
# Lets the portal ask stand-ins without control interface for a company of its own.
SIMULATORS_KEY = env.str("SIMULATORS_KEY", default="")

IS_HTTPS = urlsplit(BASE_URL).scheme == "https"
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=[urlsplit(BASE_URL).hostname or "localhost", "127.0.0.1"]
)
CSRF_TRUSTED_ORIGINS = [BASE_URL]
# Addresses and networks of the proxies whose X-Forwarded-For is believed; `unix` for a proxy
# that connects through a file.
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])

# --- Application -------------------------------------------------------------------------
PORTAL_NAME = env.str("PORTAL_NAME", default="Puente")

INSTALLED_APPS = [
    "integrations.apps.IntegrationsConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_filters",
    "django_htmx",
    "csp",
]

MIDDLEWARE = [
    "integrations.scoping.client_address.ClientAddress",
    "integrations.scoping.request_log.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    # Before all middleware that asks the database.
    "integrations.tenancy.unavailable.Gatekeeper",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "integrations.tenancy.access.StaffScope",
]

ROOT_URLCONF = "mastershop_alegra.urls"
WSGI_APPLICATION = "mastershop_alegra.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "integrations.tenancy.context.portal",
            ],
            "builtins": ["integrations.templatetags.portal"],
        },
    }
]
FORM_RENDERER = "integrations.tenancy.form_rendering.PortalFormRenderer"

# --- Database ----------------------------------------------------------------------------
DATABASES = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR / 'portal.sqlite3'}"),
}
_database = DATABASES["default"]
# A thread keeps its connection over many tasks: opening one costs as much as a short task.
_database["CONN_MAX_AGE"] = 60
if _database["ENGINE"].endswith("sqlite3"):
    _database["ENGINE"] = "integrations.scoping.sqlite3"
    _database["OPTIONS"] = {
        **_database.get("OPTIONS", {}),
        # A read lock that wants to become a write lock fails at once; so take it at once.
        "transaction_mode": "IMMEDIATE",
        # Each kind of process sets its own limit (timekeeping/database_limits.py).
        "timeout": COMMAND.busy,
        # FULL: in WAL with NORMAL a power cut loses acknowledged events and write-aheads.
        "init_command": (
            "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA mmap_size=134217728;"
            "PRAGMA journal_size_limit=67108864;PRAGMA cache_size=2000"
        ),
    }
    _database["TEST"] = {"NAME": env.str("TEST_SQLITE", default=str(VAR / "test.sqlite3"))}
else:
    if _database["ENGINE"] == "django.db.backends.postgresql":
        _database["ENGINE"] = "integrations.scoping.postgresql"
    _database["CONN_HEALTH_CHECKS"] = True
    _database["TEST"] = {"NAME": env.str("TEST_DATABASE", default="test_portal")}

# Migrations run as the owner of the tables; the application's own role cannot alter them
# nor walk round row-level security.
APPLICATION_ROLE = _database.get("USER", "")
DATABASE_OWNER = (
    env.db_url("DATABASE_OWNER_URL", default="")
    if env.str("DATABASE_OWNER_URL", default="")
    else None
)

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "integrations.User"

# --- Broker and schedule -----------------------------------------------------------------
# Every duration of the product is divided by this (proofs only).
TIMING_DIVISOR = env.float("TIMING_DIVISOR", default=1.0)
_TIMES = Timing().divided_by(TIMING_DIVISOR)
REDIS_URL = env.str("REDIS_URL", default="")
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 300,
        "socket_timeout": _TIMES.broker_answers,
        "socket_connect_timeout": _TIMES.broker_connects,
        "socket_keepalive": True,
        "health_check_interval": _TIMES.broker_asked,
    }
else:
    _broker = VAR / "broker"
    CELERY_BROKER_URL = "files://localhost"  # mastershop_alegra.file_broker
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_broker / "queue"),
        "data_folder_out": str(_broker / "queue"),
        "control_folder": str(_broker / "control"),
        "processed_folder": str(_broker / "processed"),
        # Each poll hands out only as many messages as the prefetch allows.
        "polling_interval": 0.05,
    }
    for _folder in ("queue", "control", "processed"):
        (_broker / _folder).mkdir(parents=True, exist_ok=True)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# None: it tries for ever.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "portal"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_PUBLISH_RETRY = False
# Celery closes no connection between tasks: mastershop_alegra.celery does, when it is time.
CELERY_DB_REUSE_MAX = 10**9
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "mastershop_alegra.schedule.Scheduler"
CELERY_BEAT_SCHEDULE = {
    "sweep": {
        "task": "sending.sweep",
        "schedule": max(0.5, _TIMES.sweep_every),
        "options": {"expires": 10},
    },
    # Acts of a person on many documents.
    "bulk": {
        "task": "sending.bulk_due",
        "schedule": max(0.5, _TIMES.sweep_every),
        "options": {"expires": 10},
    },
    # What Alegra does not allow for now: whether it does again.
    "try-again": {
        "task": "sending.try_again",
        "schedule": max(1.0, _TIMES.tries_looked_for),
        "options": {"expires": 20},
    },
    "interpret": {
        "task": "intake.interpret_waiting",
        "schedule": max(0.5, _TIMES.sweep_every),
        "options": {"expires": 10},
    },
    "pull": {
        "task": "intake.pull_due",
        "schedule": max(2.0, _TIMES.pulls_looked_for),
        "options": {"expires": 60},
    },
    "references": {
        "task": "configuration.refresh_due",
        "schedule": _TIMES.lists_looked_for,
        "options": {"expires": 300},
    },
    # What orders wait for in Alegra: put right there, they leave within minutes.
    "references-waited-for": {
        "task": "configuration.read_again",
        "schedule": max(2.0, _TIMES.waited_for_read),
        "options": {"expires": 120},
    },
    "items-waited-for": {
        "task": "catalog.read_again",
        "schedule": max(2.0, _TIMES.waited_for_read),
        "options": {"expires": 120},
    },
    "stock-waited-for": {
        "task": "documents.read_stock_again",
        "schedule": max(2.0, _TIMES.waited_for_read),
        "options": {"expires": 120},
    },
    "catalog": {
        "task": "catalog.refresh_due",
        "schedule": _TIMES.lists_looked_for,
        "options": {"expires": 300},
    },
    "bodegas": {
        "task": "inventory.refresh_due",
        "schedule": _TIMES.lists_looked_for,
        "options": {"expires": 300},
    },
    "contacts": {
        "task": "documents.read_contacts",
        "schedule": max(0.5, _TIMES.sweep_every),
        "options": {"expires": 10},
    },
    "contact_details": {
        "task": "documents.follow_contacts",
        "schedule": max(0.5, _TIMES.sweep_every),
        "options": {"expires": 10},
    },
    # Drafts in Alegra that people may have changed, deleted or emitted.
    "drafts": {
        "task": "documents.watch_drafts",
        "schedule": max(0.5, _TIMES.sweep_every),
        "options": {"expires": 10},
    },
    # What Alegra has, compared with what was made there: which companies' turn it is, and a call.
    "books-begin": {
        "task": "books.begin_due",
        "schedule": _TIMES.books_begun,
        "options": {"expires": 300},
    },
    "books": {
        "task": "books.read_due",
        "schedule": max(0.5, _TIMES.sweep_every),
        "options": {"expires": 10},
    },
    "statistics": {
        "task": "database.gather_statistics",
        "schedule": _TIMES.statistics_every,
        "options": {"expires": 60},
    },
    "mails": {
        "task": "notifications.send_due",
        "schedule": max(1.0, _TIMES.sweep_every),
        "options": {"expires": 10},
    },
}

# --- Documents ---------------------------------------------------------------------------
# Alegra takes a natural person only with a surname: a buyer of one word gets this one.
SURNAME_FILLER = env.str("SURNAME_FILLER", default=".").strip() or "."

# --- Cache: allauth's limits live in it, so all processes must share it --------------------
CACHES = {
    "default": {
        "BACKEND": "integrations.scoping.cache.Cache",
        "LOCATION": "portal_cache",
        # Above this number valid entries are dropped. It is high, so that trying passwords of
        # thousands of addresses does not lift the limit of another address.
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

# --- People ------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "organizations"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
# A stranger's address is not written to because somebody typed it.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if IS_HTTPS else "http"
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"{PORTAL_NAME} · "
ACCOUNT_RATE_LIMITS = {"login_failed": "8/5m/key,60/5m/ip"}
ACCOUNT_FORMS = {
    "login": "integrations.tenancy.account_forms.Login",
    "signup": "integrations.tenancy.account_forms.Signup",
    "reset_password": "integrations.tenancy.account_forms.ResetPassword",
    "reset_password_from_key": "integrations.tenancy.account_forms.ResetPasswordKey",
    "change_password": "integrations.tenancy.account_forms.ChangePassword",
    "add_email": "integrations.tenancy.account_forms.AddEmail",
    "reauthenticate": "integrations.tenancy.account_forms.Reauthenticate",
}
ACCOUNT_ADAPTER = "integrations.tenancy.accounts.PortalAccountAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_HTTPS
MFA_TOTP_ISSUER = PORTAL_NAME

SESSION_COOKIE_AGE = 8 * 3600
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False
if IS_HTTPS:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "integrations.tenancy.errors.csrf_failure"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "manifest-src": ["'self'"],
    }
}

# --- Mail --------------------------------------------------------------------------------
# Embedded: one file a message under $VAR/mail, which the portal's staff can read on a page.
EMAIL_URL = env.str("EMAIL_URL", default="")
if EMAIL_URL:
    vars().update(env.email_url("EMAIL_URL"))
    MAIL_DIR = None
else:
    MAIL_DIR = VAR / "mail"
    EMAIL_BACKEND = "integrations.notifications.mail_folder.EmailBackend"
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"{PORTAL_NAME} <avisos@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- Language and time -------------------------------------------------------------------
LANGUAGE_CODE = "es-co"
LANGUAGES = [("es-co", "Español (Colombia)"), ("es", "Español")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "America/Bogota"
# Off: an id written into a page must stay a number. Figures go through `|number`.
USE_THOUSAND_SEPARATOR = False

# --- Files -------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# --- Logs --------------------------------------------------------------------------------
LOG_FORMAT = env.str("LOG_FORMAT", default="text" if EMBEDDED else "json")
LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
LOGGING_CONFIG = "integrations.scoping.logs.configure"
LOGGING = {"format": LOG_FORMAT, "level": LOG_LEVEL}
SILENCED_SYSTEM_CHECKS: list[str] = []
