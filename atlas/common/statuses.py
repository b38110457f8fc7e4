"""Which HTTP status says how something was refused: of pages, of the API and of plugin routes."""

from http import HTTPStatus

from atlas.common.errors import AtlasError, BadInput, NotAllowed, NotFound

# By what is the matter, before the kind of error says more generally whose turn it is.
BY_CODE = {
    "payload_too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "too_many_running": HTTPStatus.TOO_MANY_REQUESTS,
    "plugin_failed": HTTPStatus.BAD_GATEWAY,
    "busy": HTTPStatus.SERVICE_UNAVAILABLE,
    "plugin_unavailable": HTTPStatus.SERVICE_UNAVAILABLE,
    "plugins_not_running": HTTPStatus.SERVICE_UNAVAILABLE,
    "too_many_queries": HTTPStatus.SERVICE_UNAVAILABLE,
    "plugin_timeout": HTTPStatus.GATEWAY_TIMEOUT,
}
BY_KIND: tuple[tuple[type[AtlasError], HTTPStatus], ...] = (
    (BadInput, HTTPStatus.BAD_REQUEST),
    (NotAllowed, HTTPStatus.FORBIDDEN),
    (NotFound, HTTPStatus.NOT_FOUND),
)


def status_of(error: AtlasError) -> HTTPStatus:
    """The status of an answer that says `error`; 409 when the state of things is against it."""
    if error.code in BY_CODE:
        return BY_CODE[error.code]
    fitting = (status for kind, status in BY_KIND if isinstance(error, kind))
    return next(fitting, HTTPStatus.CONFLICT)
