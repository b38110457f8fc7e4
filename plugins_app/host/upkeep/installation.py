"""Known problems of the whole installation, which every process looks for again and again."""

import socket
import time

from django.db import connection, connections
from django.utils.translation import gettext as _

from plugins_app.host.upkeep import repairs
from plugins_app.host.upkeep.mirror import FORGET_AFTER
from plugins_app.host.upkeep.presence import forget_dead_workers, is_any_worker_alive
from plugins_app.host.upkeep.repairs import INSTALLATION, LOOK, Repair

MOST_SKEW_S = 2.0


def look() -> None:
    """Find what is wrong now as this process sees it; what is solved disappears."""
    forget_dead_workers()
    repairs.replace(INSTALLATION, "workers", _workers())
    repairs.replace(INSTALLATION, "logins", _logins())
    # An area for each host: another one may be right where this one is wrong.
    host = socket.gethostname()
    repairs.replace(INSTALLATION, f"clock {host}"[:40], _clock(host))
    # A host that is gone does not look any more, so nobody else would clear what it found.
    repairs.forget_unseen(INSTALLATION, FORGET_AFTER)


def skew_s() -> float:
    """Return by how many seconds the clock of this host is ahead of the database's."""
    began = time.time()
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
        database = float(cursor.fetchone()[0])
    return (began + time.time()) / 2 - database


def _workers() -> list[Repair]:
    if is_any_worker_alive():
        return []
    meaning = _("No worker is alive: questions wait, and approved actions do not run.")
    cure = _("Start a worker, or look into its log when it ends by itself.")
    return [Repair("no worker", meaning, cure, "manage.py worker", LOOK)]


def _logins() -> list[Repair]:
    app, owner = (_login(alias) for alias in ("default", "owner"))
    if app != owner:
        return []
    meaning = _(
        "Atlas runs with the login that owns its tables (%(login)s), so the database keeps a fault"
        " in Atlas from nothing: the audit log could be changed."
    )
    cure = _("Have a second login made: the command prints the SQL. Then name both and restart.")
    command = "manage.py db harden --print"
    return [Repair("one login", meaning % {"login": app}, cure, command, LOOK)]


def _login(alias: str) -> str:
    found = connections[alias].settings_dict if alias in connections else {}
    return str(found.get("USER", "")) or _login("default")


def _clock(host: str) -> list[Repair]:
    ahead = skew_s()
    if abs(ahead) <= MOST_SKEW_S:
        return []
    meaning = _(
        "The clock of %(host)s differs from the database's by %(seconds)s s. What expires follows"
        " the database; the log of this host shows other times."
    )
    cure = _("Let the host set its clock by the network, on this host and on the database's.")
    shown = meaning % {"host": host, "seconds": f"{ahead:+.1f}"}
    return [Repair("clock", shown, cure, "timedatectl set-ntp true", LOOK)]
