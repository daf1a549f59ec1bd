"""What `stoppress doctor` looks at. Each check has an id, and each fault a remedy.

Checks are ordered: one that needs what an earlier one found broken is skipped, not failed twice.
"""

import os
import shutil
import stat
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from stoppress.cli.errors import explain_os_error
from stoppress.cli.findings import Finding, fault, fine, warning
from stoppress.cli.frontchecks import look_at_certificate, look_at_countries, look_at_outer_caches
from stoppress.config import options as declared
from stoppress.config.database import is_sqlite
from stoppress.config.kinds import show_size
from stoppress.config.options import Options
from stoppress.config.reading import hide_password
from stoppress.config.secret import FILE_NAME as SECRET_FILE

FREE_BYTES_NEEDED = 512 * 2**20
FREE_BYTES_WANTED = 4 * 2**30
CLOCK_SECONDS_ALLOWED = 1.0


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must be in order. It is skipped if one of those it needs is not."""

    id: str
    look: Callable[[Options], Finding]
    needs: tuple[str, ...] = ()


def look_at_permissions(options: Options) -> Finding:
    """May this user write where a newsroom writes, and is the key private?"""
    folders = [options.home / "data", *(options[s] for s in _FOLDERS)]
    for folder in folders:
        if not folder.is_dir():
            return fault(f"{folder} is missing.", f"Make it with: stoppress init {options.home}")
        if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            return fault(
                f"{folder} can't be written by this user.",
                f"Grant access, as with: chown -R {_user()} {folder}",
            )
        if os.statvfs(folder).f_flag & os.ST_RDONLY:
            return fault(f"{folder} is on a read-only disk.", "Mount it writable.")
    return _look_at_secret_key(options.home / SECRET_FILE)


_FOLDERS = (declared.MEDIA_DIR, declared.STORE_DIR, declared.JOURNAL_DIR, declared.RUN_DIR)


def _look_at_secret_key(file: Path) -> Finding:
    if not file.is_file():
        return fault(f"{file} is missing.", f"Make a new one with: stoppress init {file.parent}")
    if stat.S_IMODE(file.stat().st_mode) & 0o077:
        return fault(f"{file} can be read by other users.", f"Run: chmod 600 {file}")
    return fine("folders can be written, and the secret key is private")


def look_at_disk(options: Options) -> Finding:
    """Is there room left where the newsroom writes?"""
    folders = {options.home, *(options[s] for s in _FOLDERS)}
    free, folder = min((shutil.disk_usage(f).free, f) for f in folders if f.is_dir())
    text = f"{free / 2**30:.1f} GiB are free at {folder}"
    if free < FREE_BYTES_NEEDED:
        return fault(f"{text}, less than {show_size(FREE_BYTES_NEEDED)}.", "Make room, or move it.")
    if free < FREE_BYTES_WANTED:
        return warning(f"{text}.", "Make room soon: pictures and editions grow.")
    return fine(text)


def look_at_port(options: Options) -> Finding:
    """Is the port free, or ours?"""
    host, port = options[declared.HOST], options[declared.PORT]
    if _is_served(options):
        return fine(f"port {port} on {host} is this newsroom's own: it is being served")
    from stoppress.cli.errors import CommandFault
    from stoppress.cli.listening import listen

    try:
        listen(host, port).close()
    except CommandFault as error:
        said, _, remedy = error.message.partition(". ")
        return fault(f"{said}.", remedy)
    return fine(f"port {port} on {host} is free")


def _is_served(options: Options) -> bool:
    from stoppress.cli.errors import AlreadyServed
    from stoppress.cli.locks import lock_newsroom

    try:
        os.close(lock_newsroom(options[declared.RUN_DIR]))
    except AlreadyServed:
        return True
    return False


def look_at_store(options: Options) -> Finding:
    """Can the store be opened and read?"""
    from stoppress.edge.errors import EdgeError
    from stoppress.edge.store import Store

    folder = options[declared.STORE_DIR]
    try:
        store = Store.open(folder, max_bytes=options[declared.STORE_MAX_BYTES])
        applied, trouble = store.applied(), store.trouble()
        store.close()
    except (EdgeError, OSError) as error:
        return fault(
            f"The store can't be used: {error}",
            f"Stop serving and move {folder} away; it refills by itself.",
        )
    if trouble:
        return warning(
            f"The store was not written since {trouble.since}: {trouble.why}",
            "Readers are served what it holds. Make room on its disk; it goes on by itself.",
        )
    return fine(f"the store opens; it has applied change {applied}")


def look_at_journal(options: Options) -> Finding:
    """Can the journal be opened and read?"""
    from stoppress.edge.errors import EdgeError
    from stoppress.edge.health import trouble_in
    from stoppress.edge.journal import Journal

    folder = options[declared.JOURNAL_DIR]
    try:
        Journal.open(folder).close()
        trouble = trouble_in(folder)
    except (EdgeError, OSError) as error:
        return fault(
            f"The journal can't be used: {error}",
            f"It holds views that are not totalled yet: keep a copy of {folder} before you move "
            "it away. Readers are served all the same.",
        )
    if trouble:
        return warning(
            f"Views are not counted since {trouble.since}: {trouble.why}",
            "Readers are served all the same. Make room on its disk; it goes on by itself.",
        )
    return fine("the journal opens")


def look_at_database(options: Options) -> Finding:
    """Does the database answer?"""
    from django.db import DatabaseError, InterfaceError, connection

    name = hide_password(options[declared.DATABASE])
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError) as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        what = "its folder and file" if is_sqlite(name) else "that the server runs and lets us in"
        return fault(f"{name} can't be used: {reason}", f"Check STOPPRESS_DATABASE, and {what}.")
    except OSError as error:
        return fault(explain_os_error(error), "Check STOPPRESS_DATABASE.")
    return fine(f"{name} answers")


def look_at_migrations(_options: Options) -> Finding:
    """Do database and program belong together?"""
    from stoppress.cli.schema import Fit, database_fit

    fit = database_fit()
    if fit is Fit.OLDER:
        return fault(
            "The database is older than this Stoppress.", "Make a backup, then: stoppress init ."
        )
    if fit is Fit.NEWER:
        return fault(
            "The database was made by a newer Stoppress.",
            "Install that version, or restore a backup made with this one.",
        )
    return fine("the database fits this version")


def look_at_clock(_options: Options) -> Finding:
    """Do this machine and the database agree on the time?"""
    from django.db import connection

    question = "SELECT extract(epoch FROM clock_timestamp())"
    if connection.vendor == "sqlite":
        question = "SELECT (julianday('now') - 2440587.5) * 86400.0"
    with connection.cursor() as cursor:
        began = time.time()
        cursor.execute(question)
        there = float(cursor.fetchone()[0])
    here = (began + time.time()) / 2
    if abs(here - there) > CLOCK_SECONDS_ALLOWED:
        return fault(
            f"This machine's clock and the database's differ by {abs(here - there):.1f} s.",
            "Set both by NTP: schedules and the order of stories depend on it.",
        )
    if here < _built_at():
        return fault(
            "This machine's clock is behind the day this program was installed.",
            "Set it by NTP: schedules and the dates of stories depend on it.",
        )
    return fine("this machine and the database agree on the time")


def _built_at() -> float:
    return Path(__file__).stat().st_mtime


def look_at_statics(_options: Options) -> Finding:
    """Are styles and scripts of this version in place?"""
    from stoppress.cli import statics

    if not statics.are_collected():
        return warning(
            "Styles and scripts of this version are not in place yet.",
            "The next `stoppress serve` collects them by itself; `stoppress init .` does it now.",
        )
    return fine("styles and scripts are in place")


def look_at_editors(_options: Options) -> Finding:
    """Can anybody log in?"""
    from django.contrib.auth import get_user_model

    if not get_user_model().objects.filter(is_active=True).exists():
        return fault("Nobody can log in at the desk.", "Make the first editor: stoppress init .")
    return fine("editors can log in")


def look_at_news_list(_options: Options) -> Finding:
    """Does the desk's news list show every story as it is?"""
    from stoppress.newsroom.desk.keeping import count_out_of_step

    count = count_out_of_step()
    if count:
        text = f"{count:,} stories are missing or out of date in the desk's news list."
        text = text if count > 1 else text.replace("stories are", "story is")
        return warning(text, "Make it anew, while serving or not: stoppress rebuild news-list")
    return fine("the desk's news list shows every story as it is")


def _user() -> str:
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


CHECKS = (
    Check("permissions", look_at_permissions),
    Check("disk", look_at_disk),
    Check("port", look_at_port, needs=("permissions",)),
    Check("certificate", look_at_certificate),
    Check("countries", look_at_countries),
    Check("store", look_at_store, needs=("permissions",)),
    Check("journal", look_at_journal, needs=("permissions",)),
    Check("database", look_at_database, needs=("permissions",)),
    Check("migrations", look_at_migrations, needs=("database",)),
    Check("clock", look_at_clock, needs=("database",)),
    Check("statics", look_at_statics, needs=("permissions",)),
    Check("outer-caches", look_at_outer_caches, needs=("permissions",)),
    Check("editors", look_at_editors, needs=("migrations",)),
    Check("news-list", look_at_news_list, needs=("migrations",)),
)
