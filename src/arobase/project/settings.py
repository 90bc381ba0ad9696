"""The one file that reads the environment. Every setting is documented in docs/operate/settings.md."""

import secrets
from pathlib import Path
from urllib.parse import quote

import dj_database_url
from csp.constants import NONE, SELF

from arobase.project import environment as env
from arobase.project.static import headers_of
from arobase.web.secrets import made_once

SOURCE = Path(__file__).resolve().parents[1]
CHECKOUT = SOURCE.parents[1]

HOME = env.folder("AROBASE_HOME") or CHECKOUT / "var"
HOME.mkdir(parents=True, exist_ok=True)
DATA_MIRROR = env.folder("AROBASE_DATA_MIRROR")
PACKAGES = env.folder("AROBASE_NODE_MODULES") or CHECKOUT / "node_modules"
OFFICIAL_SOURCES = env.flag("AROBASE_OFFICIAL_SOURCES", default=True)

DEBUG = env.flag("AROBASE_DEBUG", default=False)
PRODUCTION = env.flag("AROBASE_PRODUCTION", default=False)
if DEBUG and PRODUCTION:
    raise env.BadSetting("AROBASE_DEBUG", "1", "0 where AROBASE_PRODUCTION=1")
SITE_URL = env.address("AROBASE_SITE_URL", "http://127.0.0.1:8000")
LOOPBACK = ["127.0.0.1", "localhost", "[::1]", "testserver"]
ALLOWED_HOSTS = env.hosts("AROBASE_ALLOWED_HOSTS", [env.host_of(SITE_URL)] if PRODUCTION else LOOPBACK)
CSRF_TRUSTED_ORIGINS = env.names("AROBASE_TRUSTED_ORIGINS", [SITE_URL] if PRODUCTION else [])


def _secret_key() -> str:
    """From the environment, else from a file of the home that only its owner may read, made once."""
    if given := env.text("AROBASE_SECRET_KEY"):
        return given
    return made_once(HOME / "secret_key", lambda: secrets.token_urlsafe(64).encode()).decode()


SECRET_KEY = _secret_key()

FETCH_ALLOWED = env.names("AROBASE_FETCH_ALLOWED", [])
NETWORK_ZONE = env.zone("AROBASE_NETWORK_ZONE")
CHROMIUM = env.text("AROBASE_CHROMIUM")
CHROMIUM_SANDBOX = env.flag("AROBASE_CHROMIUM_SANDBOX", default=True)
BADGE_KEY = env.folder("AROBASE_BADGE_KEY") or HOME / "keys" / "badges.pem"

INSTALLED_APPS = [
    "arobase.web",
    "arobase.accounts",
    "arobase.registry",
    "arobase.territories",
    "arobase.initiatives",
    "arobase.label",
    "arobase.atlas",
    "arobase.observatory",
    "arobase.elections",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "servestatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "arobase.web.asking.without_nul",
    "servestatic.middleware.ServeStaticMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "arobase.project.urls"
ASGI_APPLICATION = "arobase.project.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "arobase.web.context.shell",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "arobase.web.templatetags.arobase"],
        },
    },
]

DATABASES = {
    "default": dj_database_url.parse(
        env.database("DATABASE_URL", f"sqlite:///{quote(str(HOME / 'arobase.sqlite3'))}"),
        conn_max_age=60,  # kept by the thread of a turn (`project/queueing.py`) for the requests after
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-4000;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Room for many: were the table culled early, a flood of attempts would wash the counters away.
SHARED = {"MAX_ENTRIES": 100_000}
# Sign-in is throttled through the default cache: it is a table, so that every worker counts together.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
        "OPTIONS": SHARED,
    },
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "arobase"},
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "arobase.accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Arobase] "
ACCOUNT_MAX_EMAIL_ADDRESSES = 3
ACCOUNT_REAUTHENTICATION_TIMEOUT = env.number("AROBASE_CONFIRM_MINUTES", 15) * 60
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "check": env.rates("AROBASE_CHECK_LIMIT", "60/m/ip"),
    "report": env.rates("AROBASE_REPORT_LIMIT", "10/h/ip"),
    "login_failed": env.rates("AROBASE_SIGN_IN_LIMIT", "10/m/ip,5/5m/key"),
}
CODE_GUESSES_A_MINUTE = env.number("AROBASE_CODE_LIMIT", 30)
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("AROBASE_TRUSTED_PROXIES", 0)
OPEN_SIGNUP = env.flag("AROBASE_OPEN_SIGNUP", default=False)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Arobase"
MFA_TOTP_TOLERANCE = 1
# Browsers hold http://localhost for secure; nothing else may use passkeys without TLS.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
SOCIALACCOUNT_ADAPTER = "arobase.accounts.adapters.SocialAccountAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_OPENID_CONNECT_URL_PREFIX = "oidc"
OIDC_URL = env.address("AROBASE_OIDC_URL", "")
OIDC_PROVIDER = {
    "provider_id": "sso",
    "name": env.text("AROBASE_OIDC_NAME", "ProConnect"),
    "client_id": env.required("AROBASE_OIDC_CLIENT_ID", because="AROBASE_OIDC_URL"),
    "secret": env.required("AROBASE_OIDC_SECRET", because="AROBASE_OIDC_URL"),
    "settings": {
        "server_url": OIDC_URL,
        "token_auth_method": "client_secret_post",
        "fetch_userinfo": True,
        "scope": env.text("AROBASE_OIDC_SCOPE", "openid email profile").split(),
    },
}
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [OIDC_PROVIDER] if OIDC_URL else []}}

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
LOCALE_PATHS = [SOURCE / "project" / "locale"]  # the other rooms are apps, whose own are found
FORMAT_MODULE_PATH = ["arobase.project.formats"]
TIME_ZONE = "Europe/Paris"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "servestatic.storage.CompressedManifestStaticFilesStorage"},
}
SERVESTATIC_KEEP_ONLY_HASHED_FILES = True
SERVESTATIC_ADD_HEADERS_FUNCTION = headers_of
MEDIA_ROOT = HOME / "media"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "arobase.accounts.views.stale_form"
DATA_UPLOAD_MAX_MEMORY_SIZE = env.number("AROBASE_MAX_FORM_BYTES", 2_500_000)
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 10
SESSION_COOKIE_AGE = env.number("AROBASE_SESSION_HOURS", 336) * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SAMESITE = "Lax"
if PRODUCTION:
    SECURE_SSL_REDIRECT = env.flag("AROBASE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = ["^sante$"]  # asked on loopback, by `arobase serve` and by monitors
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = env.number("AROBASE_HSTS_SECONDS", 31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True

EMAIL_BACKEND = env.text("AROBASE_EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
EMAIL_HOST = env.text("AROBASE_EMAIL_HOST", "localhost")
EMAIL_PORT = env.number("AROBASE_EMAIL_PORT", 25, at_most=65535)
EMAIL_HOST_USER = env.text("AROBASE_EMAIL_USER")
EMAIL_HOST_PASSWORD = env.text("AROBASE_EMAIL_PASSWORD")
EMAIL_USE_TLS = env.flag("AROBASE_EMAIL_TLS", default=False)
DEFAULT_FROM_EMAIL = env.text("AROBASE_EMAIL_FROM", "Arobase <arobase@localhost>")
EMAIL_TIMEOUT = 10

LOG_LEVELS = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": env.choice("AROBASE_LOG_LEVEL", LOG_LEVELS, "WARNING")},
}
