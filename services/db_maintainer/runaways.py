"""The job `runaways`: ends what analysts and the API do for longer than ops.role_limits lets them.

Everybody may set a statement_timeout of their own; this is the bound that they cannot move.
"""

import structlog
from psycopg2.extensions import connection as Connection

log = structlog.get_logger()


def end_runaways(connection: Connection) -> int:
    """Cancel statements and end sessions that are beyond their limit; how many."""
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT login, pid, what, extract(epoch FROM lasted)::float8 FROM ops.end_runaways()")
        ended = cursor.fetchall()
    for login, pid, what, seconds in ended:
        log.warning("ended", login=login, pid=pid, what=what, seconds=round(seconds))
    return len(ended)
