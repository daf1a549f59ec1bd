"""A throwaway newsroom folder, made before Django reads its settings (loaded by `-p tests.home`)."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

home = Path(tempfile.mkdtemp(prefix="stoppress-tests-"))
(home / "data").mkdir()
(home / "media").mkdir()
os.environ["STOPPRESS_HOME"] = str(home)
atexit.register(shutil.rmtree, home, ignore_errors=True)
