"""Django's settings; every difference between machines comes from `atlas.env`."""

import django_stubs_ext
from csp.constants import NONE, SELF

from atlas.env import PROJECT_DIR, environment
from atlas.runtime.databases import database_settings
from atlas.runtime.secrets import load_secrets

django_stubs_ext.monkeypatch()

ENV = environment()


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


SECRET_KEY = (
    ENV.secret_key.get_secret_value() if ENV.secret_key else load_secrets(ENV.data_dir).secret_key
)
DEBUG = False
ALLOWED_HOSTS = _listed(ENV.allowed_hosts)
CSRF_TRUSTED_ORIGINS = _listed(ENV.origins)

INSTALLED_APPS = [
    "atlas.apps.AtlasAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "csp",
    "django_htmx",
    "atlas.apps.AtlasConfig",
    "atlas.accounts",
    "atlas.audit",
    "atlas.notices",
    "atlas.conversations",
    "plugins_app.host",
    "atlas.datasources",
    "approvals",
    "atlas.chat",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "atlas.runtime.static_files.StaticMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "atlas.accounts.middleware.bearer_middleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "atlas.runtime.outage.OutageMiddleware",
]

ROOT_URLCONF = "atlas.urls"
ASGI_APPLICATION = "atlas.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PROJECT_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "atlas.context_processors.page_shell",
            ],
            "libraries": {"moments": "atlas.common.moments"},
        },
    },
]

DATABASES = database_settings(ENV)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "chat:home"
LOGOUT_REDIRECT_URL = "accounts:login"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

LANGUAGE_CODE = "en-us"
TIME_ZONE = ENV.time_zone
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = ENV.data_dir / "static"
STATICFILES_DIRS = [PROJECT_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "atlas.runtime.static_files.StaticFiles"},
}
# For the plain names; whatever has a hash in its name is kept for ever.
WHITENOISE_MAX_AGE = 60
WHITENOISE_USE_FINDERS = True
# Files are looked at when they are asked for, the first time; not all of them at each start.
WHITENOISE_AUTOREFRESH = True

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENV.https
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "atlas.common.api.csrf_failure"
SECURE_HSTS_SECONDS = 31_536_000 if ENV.https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = ENV.https
SECURE_SSL_REDIRECT = ENV.https
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
# "no-referrer" would also make the Origin of our own forms null, which the CSRF check refuses.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if ENV.proxy_header:
    SECURE_PROXY_SSL_HEADER = (
        "HTTP_" + ENV.proxy_header.upper().replace("-", "_"),
        "https",
    )

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "atlas.common.logs.LineFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        name: {"handlers": ["console"], "level": "INFO", "propagate": False}
        for name in ("atlas", "approvals", "plugins_app")
    },
}
