"""Django's settings of a newsroom: what its options say, and safe constants for all the rest."""

from stoppress import __version__
from stoppress.config import options as declared
from stoppress.config.database import django_database
from stoppress.config.mail import django_mail
from stoppress.config.reading import home_folder, origin_host, read_options
from stoppress.config.secret import read_secret_key
from stoppress.config.sockets import app_socket, local_origin

HOME = home_folder()
OPTIONS = read_options(HOME)

# The newsroom, for our own rooms (they know Django's settings, not ours).
VERSION = __version__
PAPER_NAME = OPTIONS[declared.PAPER_NAME]
PAPER_TAGLINE = OPTIONS[declared.PAPER_TAGLINE]
PAPER_TIME_ZONE = OPTIONS[declared.TIME_ZONE]
ORIGIN = OPTIONS[declared.ORIGIN]
DATA_DIR = HOME / "data"
STORE_DIR = OPTIONS[declared.STORE_DIR]
STORE_MAX_BYTES = OPTIONS[declared.STORE_MAX_BYTES]
JOURNAL_DIR = OPTIONS[declared.JOURNAL_DIR]
KEEP_HOURS_DAYS = OPTIONS[declared.KEEP_HOURS_DAYS]
KEEP_SOURCES_DAYS = OPTIONS[declared.KEEP_SOURCES_DAYS]
KEEP_BATCHES_DAYS = OPTIONS[declared.KEEP_BATCHES_DAYS]
RUN_DIR = OPTIONS[declared.RUN_DIR]
APP_SOCKET = app_socket(RUN_DIR)
EDGE_ADDRESS = local_origin(
    OPTIONS[declared.HOST],
    OPTIONS[declared.PORT],
    scheme="https" if OPTIONS[declared.TLS_CERTIFICATE] else "http",
)
DESK_PREFIX = "/desk/"
RENDERS = OPTIONS[declared.RENDERS]
PURGE = OPTIONS[declared.PURGE]
PURGE_BACKENDS = OPTIONS[declared.PURGE_BACKENDS]
DEMO_WIRE = OPTIONS[declared.DEMO_WIRE]
PRESS_GUARD = "tag"  # a write outside changing() adds a coarse tag; tests set "raise"

DEBUG = False
SECRET_KEY = read_secret_key(HOME)
ROOT_URLCONF = "stoppress.config.urls"
ASGI_APPLICATION = "stoppress.config.asgi.application"
DATABASES = {"default": django_database(OPTIONS[declared.DATABASE])}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = OPTIONS[declared.LANGUAGE]

INSTALLED_APPS = [
    "stoppress.syndication",
    "stoppress.wires",
    "stoppress.newsroom.desk",
    "stoppress.newsroom",
    "stoppress.theme",
    "stoppress.readership",
    "stoppress.press",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail.contrib.settings",
    "wagtail.contrib.table_block",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django_tasks",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "stoppress.newsroom.desk.staffcookie.StaffCookie",
    "stoppress.press.middleware.DeskChanges",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Safety. The edge faces the network and tells the app what it was asked for and how.
ALLOWED_HOSTS = [origin_host(OPTIONS), "localhost", "127.0.0.1", *OPTIONS[declared.ALLOWED_HOSTS]]
CSRF_TRUSTED_ORIGINS = [ORIGIN, *(f"https://{host}" for host in OPTIONS[declared.ALLOWED_HOSTS])]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"  # the desk shows previews in a frame of its own
_is_https = ORIGIN.startswith("https://")
SESSION_COOKIE_NAME = "stoppress_session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _is_https
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
# Readers' pages never see a cookie of the desk, save the one that says "staff" to the counting.
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = DESK_PREFIX
CSRF_COOKIE_NAME = "stoppress_csrf"
_VALIDATION = "django.contrib.auth.password_validation."
AUTH_PASSWORD_VALIDATORS: list[dict[str, object]] = [
    {"NAME": _VALIDATION + "UserAttributeSimilarityValidator"},
    {"NAME": _VALIDATION + "MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": _VALIDATION + "CommonPasswordValidator"},
    {"NAME": _VALIDATION + "NumericPasswordValidator"},
]
LOGIN_URL = "wagtailadmin_login"

# Uploads.
UPLOAD_MAX_BYTES = OPTIONS[declared.UPLOAD_MAX_BYTES]
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 2**20  # a form without its files; the longest story is 1 MB
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a long story in Wagtail's editor has thousands
DATA_UPLOAD_MAX_NUMBER_FILES = 100
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20  # larger files go to disk while they arrive
FILE_UPLOAD_PERMISSIONS = 0o644
WAGTAILIMAGES_MAX_UPLOAD_SIZE = UPLOAD_MAX_BYTES
WAGTAILIMAGES_MAX_IMAGE_PIXELS = OPTIONS[declared.PICTURE_MAX_PIXELS]
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpeg", "jpg", "png", "webp"]  # an SVG can have scripts
WAGTAILDOCS_MAX_UPLOAD_SIZE = UPLOAD_MAX_BYTES
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "odt", "pdf", "txt", "xlsx"]

# Files.
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "stoppress.theme.finders.ThemeFinder",
]
MEDIA_URL = "/media/"
MEDIA_ROOT = OPTIONS[declared.MEDIA_DIR]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "stoppress.config.statics.HashedStaticFiles"},
}

# Wagtail. It calls nobody outside by itself.
WAGTAIL_SITE_NAME = PAPER_NAME
WAGTAILADMIN_BASE_URL = ORIGIN
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILIMAGES_IMAGE_MODEL = "newsroom.Picture"
WAGTAILIMAGES_IMAGE_FORM_BASE = "stoppress.newsroom.forms.PictureForm"
WAGTAILREDIRECTS_AUTO_CREATE = False  # addresses are a table of ours
WAGTAIL_AUTO_UPDATE_PREVIEW = True
WAGTAIL_USER_TIME_ZONES = [PAPER_TIME_ZONE]  # schedules are typed on the paper's clock
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []  # embeds are made without calling out
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "stoppress.newsroom.desksearch"}}

globals().update(django_mail(OPTIONS[declared.MAIL]))
DEFAULT_FROM_EMAIL = OPTIONS[declared.MAIL_FROM] or f"{PAPER_NAME} <desk@{origin_host(OPTIONS)}>"
SERVER_EMAIL = DEFAULT_FROM_EMAIL

LOGGING_CONFIG = "stoppress.config.logs.configure"
LOGGING = {"level": OPTIONS[declared.LOG_LEVEL], "format": OPTIONS[declared.LOG_FORMAT]}
