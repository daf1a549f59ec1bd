"""A throwaway newsroom folder, made before Django reads its settings (loaded by `-p tests.home`).

STOPPRESS_ settings of the shell that runs the tests don't reach them, save the database's.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

KEPT = {"STOPPRESS_DATABASE"}  # the suite runs on SQLite, or on the PostgreSQL named here

for name in [name for name in os.environ if name.startswith("STOPPRESS_") and name not in KEPT]:
    del os.environ[name]

home = Path(tempfile.mkdtemp(prefix="stoppress-tests-"))
for folder in ("data", "media", "run"):
    (home / folder).mkdir()
os.environ["STOPPRESS_HOME"] = str(home)
atexit.register(shutil.rmtree, home, ignore_errors=True)
