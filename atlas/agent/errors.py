"""Why an agent gives up."""

from atlas.common.errors import AtlasError


class ModelFailed(AtlasError):
    """The language model did not answer; `retryable` says whether another try may help."""

    code = "model_failed"

    def __init__(
        self, user_message: str, *, code: str | None = None, retryable: bool = True
    ) -> None:
        super().__init__(user_message, code=code)
        self.retryable = retryable


class BudgetExceeded(AtlasError):
    """The run used up its steps, tokens, queries or seconds."""

    code = "budget_exceeded"
