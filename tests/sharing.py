"""What is dear to make is made once, though several workers of one run ask for it."""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest

RUN_FOLDER = "RUN_FOLDER"  # set by scripts/test.sh


def made_once(target: Path, make: Callable[[Path], object]) -> Path:
    """Return `target`, made by the first process that asks; the others wait until it is there.

    `make` gets another path in the same folder, which becomes `target` only when it is complete.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.with_name(target.name + ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not target.exists():
            part = target.with_name(f"{target.name}.part-{os.getpid()}")
            make(part)
            part.rename(target)
    return target


def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this run share, and all processes of one scripts/test.sh."""
    if RUN_FOLDER in os.environ:
        return Path(os.environ[RUN_FOLDER])
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
