"""The one family of errors that Atlas raises for people to read."""


class AtlasError(Exception):
    """An error with a stable `code` and a sentence that says what to do.

    `user_message` may be shown to anybody: it never holds a secret, a value
    from a datasource, or an address.
    """

    code = "error"

    def __init__(self, user_message: str, *, code: str | None = None) -> None:
        super().__init__(user_message)
        self.user_message = user_message
        if code is not None:
            self.code = code


class NotAllowed(AtlasError):
    """The person may not do this; nothing was changed."""

    code = "not_allowed"


class NotFound(AtlasError):
    """There is no such thing, or the person may not know that there is."""

    code = "not_found"


class BadInput(AtlasError):
    """What was sent cannot be used; nothing was changed."""

    code = "bad_input"
