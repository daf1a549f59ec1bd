"""Run a command that ends when the process that started it ends, however that one died.

The kernel sends the child SIGTERM when its parent is gone, even by SIGKILL, so no process of a
newsroom outlives its supervisor. The wish survives the exec; only the asking must happen in the
child, hence this step between. Usage: python -m stoppress.cli.leash PARENT_PID COMMAND …
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    """Tie this process to its parent, then become the command."""
    parent, command = int(sys.argv[1]), sys.argv[2:]
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it died before the kernel knew our wish
        sys.exit(1)
    os.execvp(command[0], command)  # noqa: S606


if __name__ == "__main__":
    main()
