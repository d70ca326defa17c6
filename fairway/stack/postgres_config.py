"""The settings of the private PostgreSQL."""

import os
from pathlib import Path

SHARED_MEMORY = Path("/dev/shm")
SMALL_SHARED_MEMORY = 512 * 1024 * 1024  # containers often have 64 MB, which parallel queries overrun


def config(port: int) -> str:
    """The text of its own settings file; all else is PostgreSQL's default."""
    return f"""\
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''  # a socket's path may have 107 bytes; a project folder's is often longer
shared_buffers = '256MB'
max_wal_size = '2GB'
synchronous_commit = on
dynamic_shared_memory_type = {_dynamic_shared_memory()}
timezone = 'UTC'
log_timezone = 'UTC'
log_destination = 'stderr'  # which goes to our log file
logging_collector = off
log_line_prefix = '%m [%p] %q%u@%d '
"""


def _dynamic_shared_memory() -> str:
    """`mmap` (files in the data folder) where segments in /dev/shm would not last.

    systemd deletes an ordinary user's segments at log-out (RemoveIPC in logind.conf), while the server runs on.
    """
    return "posix" if os.geteuid() == 0 and _size(SHARED_MEMORY) >= SMALL_SHARED_MEMORY else "mmap"


def _size(folder: Path) -> int:
    try:
        found = os.statvfs(folder)
    except OSError:
        return 0
    return found.f_frsize * found.f_blocks
