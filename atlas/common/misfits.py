"""What pydantic has against data, as one line for whoever sent it."""

from pydantic import ValidationError


def misfits(error: ValidationError, *, whole: str, most: int = 20) -> str:
    """Each field that does not fit with the reason; never a value that was given.

    `whole` names the data where no field of it is meant.
    """
    problems = error.errors(include_input=False, include_url=False)[:most]
    return "; ".join(
        f"{'.'.join(str(part) for part in problem['loc']) or whole}: {problem['msg']}"
        for problem in problems
    )
