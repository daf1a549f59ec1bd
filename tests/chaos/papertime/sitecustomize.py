"""Python imports this at its start where PYTHONPATH names this folder: `time.time` is a file's.

All processes of a newsroom that is tested read the moment that the test has written there, eight
bytes shared by all, so that midnight, jumps of the clock and half minutes come when the test says.
Whatever measures how long something takes asks the monotonic clock, which stays as it is.

Why not libfaketime? Debian 12's refuses each sleep with "Invalid argument" if it leaves the
monotonic clock alone; and if it does not, nothing times out while the clock stands.
"""

import mmap
import os
import struct
import time

with open(os.environ["PAPERTIME_FILE"], "rb") as _file:  # noqa: PTH123
    _shared = mmap.mmap(_file.fileno(), 8, access=mmap.ACCESS_READ)
_read = struct.Struct("d").unpack_from


def _paper_time() -> float:
    return _read(_shared)[0]


time.time = _paper_time
