"""Where a newsroom's processes reach each other: the app's Unix socket, the edge's address.

The kernel takes socket paths of at most 107 bytes, and newsrooms may lie deep. A run folder whose
path is too long gets a stand-in under the system's temporary folder, found by a hash of the path.
"""

import hashlib
import os
import tempfile
from pathlib import Path

PATH_MAX_BYTES = 107
NAME = "app.sock"
EVERYWHERE = {"0.0.0.0", "::", ""}  # noqa: S104


def app_socket(run_dir: Path) -> Path:
    """The socket between edge and app, for a newsroom whose run folder is `run_dir`."""
    direct = run_dir / NAME
    if len(os.fsencode(direct)) <= PATH_MAX_BYTES:
        return direct
    digest = hashlib.sha256(os.fsencode(run_dir)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"stoppress-{os.getuid()}-{digest}" / NAME


def make_socket_folder(socket: Path) -> None:
    """Make the socket's folder, for this user alone. Raises PermissionError if it's another's."""
    folder = socket.parent
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.getuid():
        raise PermissionError(f"{folder} belongs to somebody else. Remove it, or shorten run_dir.")


def local_origin(host: str, port: int, *, scheme: str = "http") -> str:
    """Where this machine itself reaches what listens there: "http://127.0.0.1:8000"."""
    host = "127.0.0.1" if host in EVERYWHERE else host
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"
