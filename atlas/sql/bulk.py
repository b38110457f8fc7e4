"""Checking many texts from a file: one JSON object a line in, one verdict out."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from atlas.sql.listed import listed_tables
from atlas.sql.pipeline import validate
from atlas.sql.refusal import RefusalError
from atlas.sql.types import Rejection, ValidatedQuery

Verdict = dict[str, Any]


class BadLine(ValueError):
    """A line that is no request; `id` is what the line called itself, when that can be read."""

    def __init__(self, request_id: object = None) -> None:
        super().__init__("bad_input")
        self.id = request_id


def check_lines(
    lines: Iterable[bytes], tables: tuple[str, ...], clock: Callable[[], float]
) -> Iterator[Verdict]:
    """One verdict a line, in the order of the lines; never raises for any line.

    A line's own `tables` take the place of the given ones. `clock` yields seconds.
    """
    for line in lines:
        start = clock()
        try:
            verdict = _check(line, tables)
        except BadLine as bad:
            verdict = _verdict(bad.id, "deny", code="bad_input", stage="input")
        verdict["ms"] = round((clock() - start) * 1000, 3)
        yield verdict


def check_text(sql: str, dialect: str, tables: tuple[str, ...]) -> ValidatedQuery | Rejection:
    """Check one text against tables named by a person, every column of them open."""
    try:
        listed = listed_tables(tables, dialect)
    except RefusalError as refused:
        return Rejection(
            code=refused.code, stage="dialect", message=refused.message, offending=dialect
        )
    answer = validate(sql, dialect=dialect, catalog=listed.catalog)
    return answer if isinstance(answer, Rejection) else listed.as_named(answer)


def _check(line: bytes, tables: tuple[str, ...]) -> Verdict:
    request = _read(line)
    name = request.get("id")
    sql, dialect = request.get("sql"), request.get("dialect")
    if not isinstance(sql, str) or not isinstance(dialect, str):
        raise BadLine(name)
    answer = check_text(sql, dialect, _own_tables(request, tables))
    if isinstance(answer, Rejection):
        return _verdict(name, "deny", code=answer.code, stage=answer.stage)
    return _verdict(name, "allow", tables=answer.tables, rendered=answer.sql)


def _read(line: bytes) -> dict[str, Any]:
    try:
        request = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadLine from error
    if not isinstance(request, dict):
        raise BadLine
    return request


def _own_tables(request: dict[str, Any], tables: tuple[str, ...]) -> tuple[str, ...]:
    own = request.get("tables")
    if own is None:
        return tables
    if isinstance(own, str):
        own = own.split(",")
    if not isinstance(own, list) or not all(isinstance(name, str) for name in own):
        raise BadLine(request.get("id"))
    return tuple(own)


def _verdict(
    name: object,
    verdict: str,
    *,
    code: str | None = None,
    stage: str | None = None,
    tables: tuple[str, ...] = (),
    rendered: str | None = None,
) -> Verdict:
    return {
        "id": name,
        "verdict": verdict,
        "code": code,
        "stage": stage,
        "tables": list(tables),
        "rendered": rendered,
        "ms": 0.0,
    }
