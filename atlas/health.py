"""Brief answers for load balancers."""

from django.db import Error, connection
from django.http import HttpRequest, JsonResponse

from atlas import boot
from atlas.common import loops
from plugins_app.host import registry


def healthz(_request: HttpRequest) -> JsonResponse:
    """The process answers; "degraded" says that a plugin does not work here, and not which.

    Nothing is asked for it: the latest checks are known, so it is cheap and tells nobody more.
    """
    unhealthy = registry.is_running() and any(
        entry.enabled and not entry.healthy for entry in registry.current().all()
    )
    return JsonResponse({"status": "degraded" if unhealthy else "ok"})


def readyz(_request: HttpRequest) -> JsonResponse:
    """The process has started, all of it goes on, and Postgres answers; 503 otherwise."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        is_ready = boot.is_ready() and not loops.dead()
    except Error:
        is_ready = False
    return JsonResponse({"ready": is_ready}, status=200 if is_ready else 503)
