"""Settings, all from the environment; `docs/running.md` lists the variables."""

import os
from base64 import urlsafe_b64encode
from hashlib import sha256
from logging import DEBUG as DEBUG_LEVEL
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from billing_project.logs import logging_config
from billing_project.unfold_config import UNFOLD as UNFOLD

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("SHIMEBI_DEMO", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="")
BASE_DOMAIN = env.str("BASE_DOMAIN", default="localhost")
PUBLIC_SCHEME = env.str("PUBLIC_SCHEME", default="http" if BASE_DOMAIN == "localhost" else "https")
# Where bin/demo serves, so that links of commands beside it work.
PUBLIC_PORT = env.str("PUBLIC_PORT", default="8000" if BASE_DOMAIN == "localhost" else "")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[BASE_DOMAIN, f".{BASE_DOMAIN}", "127.0.0.1"])
if not SECRET_KEY and BASE_DOMAIN == "localhost":
    SECRET_KEY = "only-for-this-machine-0123456789-abcdefghijklmnopqrstuvwxyz"  # noqa: S105
# Keys (Fernet) for the private keys of tenants' certificates; the first one encrypts.
ESEAL_KEYS = env.list("ESEAL_KEYS", default=[])
if not ESEAL_KEYS and BASE_DOMAIN == "localhost":
    ESEAL_KEYS = [urlsafe_b64encode(sha256(SECRET_KEY.encode()).digest()).decode()]

INSTALLED_APPS = [
    "billing_project",
    "billing_project.tenancy",
    "billing_project.audit",
    "billing_project.outbox",
    "billing_project.jobs",
    "billing_project.saved_filters",
    "billing_project.submissions",
    "billing_project.bulk",
    "accounts",
    "ledger",
    "invoices",
    "payments",
    "orders",
    "cancellations",
    "playbooks",
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "billing_project.backoffice.apps.OperatorAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "billing_project.static_files.ServedFilesConfig",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "rest_framework",
    "drf_spectacular",
    "csp",
    "django_htmx",
    "django_structlog",
]

# Stories make tenants of their own and throw them away; that is work for the machine, so it is opted into.
PLAYBOOK_BENCH = env.bool("PLAYBOOK_BENCH", default=DEMO)
SHOW_COST = env.bool("SHOW_COST", default=False)
MIDDLEWARE = [
    "billing_project.cost.CostMiddleware",
    "billing_project.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "billing_project.compression.CompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "billing_project.request_log.RequestLogMiddleware",
    "billing_project.tenancy.middleware.TenantMiddleware",
    "accounts.middleware.AccessMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "billing_project.refusals.RefusalMiddleware",
]

ROOT_URLCONF = "billing_project.urls"
WSGI_APPLICATION = "billing_project.wsgi.application"
FORM_RENDERER = "billing_project.rendering.FormRenderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "billing_project.context_processors.frame",
                "accounts.look.look",
            ],
        },
    }
]

# Three roles on one database: who serves, who migrates, who may look across tenants.
DATABASES = {
    "default": env.db("DATABASE_URL", default="postgres://shimebi_app@127.0.0.1:5432/shimebi"),
    "owner": env.db("DATABASE_OWNER_URL", default="postgres://shimebi_owner@127.0.0.1:5432/shimebi"),
    "operator": env.db("DATABASE_OPERATOR_URL", default="postgres://shimebi_operator@127.0.0.1:5432/shimebi"),
}
for _alias, _database in DATABASES.items():
    _database["ENGINE"] = "django.db.backends.postgresql"
    # A folder of a Unix socket stands in the query of a URL; `dbshell` looks for it here.
    _database["HOST"] = _database.get("OPTIONS", {}).pop("host", _database["HOST"])
    _database["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    _database["CONN_HEALTH_CHECKS"] = True
    _database.setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
    if _alias != "default":
        _database["TEST"] = {"MIRROR": "default"}
# The view is a savepoint inside the tenant's transaction: what it raises undoes what it did.
DATABASES["default"]["ATOMIC_REQUESTS"] = True
DATABASE_ROLES = {
    "app": env.str("DATABASE_APP_ROLE", default="shimebi_app"),
    "operator": env.str("DATABASE_OPERATOR_ROLE", default="shimebi_operator"),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
# A server that hangs must not hold up who works with the product for long.
CACHES = {
    "default": {
        "BACKEND": "billing_project.cache.Cache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    }
}

# A worker that dies gives its task back: every task may run twice.
CELERY_BROKER_URL = REDIS_URL
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# A child that a large PDF has left with more memory than this (resident, in kB) makes way for a new one.
CELERY_WORKER_MAX_MEMORY_PER_CHILD = env.int("WORKER_MEMORY_KB", default=400_000)
CELERY_TASK_TIME_LIMIT = env.int("TASK_TIME_LIMIT_SECONDS", default=3000)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": env.int("VISIBILITY_TIMEOUT_SECONDS", default=3600),
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
}
# Of these there may be thousands: what a person waits for goes first (0 is first).
CELERY_TASK_ROUTES = {
    "billing_project.outbox.tasks.send_waiting": {"priority": 6},
    "invoices.tasks.make_export": {"priority": 6},
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 2, "interval_start": 0, "interval_step": 0.2}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# How many workers take part in work that can be shared; more than there are does no harm.
WORKER_HANDS = env.int("WORKER_HANDS", default=os.cpu_count() or 1)
TICK_SECONDS = env.int("TICK_SECONDS", default=60)
# Without a worker they would pile up, to be done all at once.
_UNTIL_NEXT = {"options": {"expires": TICK_SECONDS}}
CELERY_BEAT_SCHEDULE = {
    "tick": {"task": "billing_project.jobs.tasks.tick", "schedule": TICK_SECONDS, **_UNTIL_NEXT},
    "send-waiting-mail": {
        "task": "billing_project.outbox.tasks.sweep",
        "schedule": TICK_SECONDS,
        **_UNTIL_NEXT,
    },
    "talk-about-cards": {"task": "payments.tasks.sweep", "schedule": TICK_SECONDS, **_UNTIL_NEXT},
}

# Cards: `stripe`, or `playing` for tests; the address of the API differs only for the sandbox.
CARD_GATEWAY = env.str("CARD_GATEWAY", default="stripe" if env.str("STRIPE_SECRET_KEY", default="") else "")
STRIPE_SECRET_KEY = env.str("STRIPE_SECRET_KEY", default="")
STRIPE_WEBHOOK_SECRET = env.str("STRIPE_WEBHOOK_SECRET", default="")
STRIPE_API_BASE = env.str("STRIPE_API_BASE", default="https://api.stripe.com")
STRIPE_TIMEOUT_SECONDS = env.float("STRIPE_TIMEOUT_SECONDS", default=20)
# Where the provider's pages are: a form of ours may lead there.
CARD_PAGES = env.list("CARD_PAGES", default=["https://*.stripe.com"])

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
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
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Shimebi"
MFA_FORMS = {"add_webauthn": "accounts.forms.AddPasskeyForm"}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = PUBLIC_SCHEME == "http"

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_SECURE = PUBLIC_SCHEME == "https"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "billing_project.refusals.form_not_valid"
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE
SECURE_HSTS_SECONDS = 31_536_000 if SESSION_COOKIE_SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SESSION_COOKIE_SECURE
SECURE_HSTS_PRELOAD = SESSION_COOKIE_SECURE
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=SESSION_COOKIE_SECURE)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", False) else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ["/admin/"],
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [SELF],
        "form-action": [SELF, *CARD_PAGES],
    },
}

LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", _("Japanese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Tokyo"

STATIC_URL = "static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))()
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if env.bool("STATIC_MANIFEST", default=False)
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_USE_FINDERS = env.bool("WHITENOISE_USE_FINDERS", default=True)
DATA_UPLOAD_MAX_MEMORY_SIZE = 30 * 1024 * 1024

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="smtp://127.0.0.1:1025")
vars().update(EMAIL_CONFIG)
MAIL_CAPTURE_DIR = env.str("MAIL_CAPTURE_DIR", default="")
if MAIL_CAPTURE_DIR:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = MAIL_CAPTURE_DIR
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"no-reply@{BASE_DOMAIN}")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["billing_project.api.access.MemberAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["billing_project.api.access.IsMember"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "billing_project.api.access.Pages",
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.UserRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"user": "600/min"},
    "EXCEPTION_HANDLER": "billing_project.api.answers.answer_to",
}
SPECTACULAR_SETTINGS = {"TITLE": "Shimebi API", "VERSION": "1", "SERVE_INCLUDE_SCHEMA": False}

DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = DEBUG_LEVEL  # one line for each request, when it is done
LOGGING = logging_config(level=env.str("LOG_LEVEL", default="INFO"), as_json=env.bool("LOG_JSON", not DEBUG))
