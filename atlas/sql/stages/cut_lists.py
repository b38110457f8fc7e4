"""MariaDB's `GROUP_CONCAT(... SEPARATOR ', ' LIMIT 3)`, whose limit the parser does not know.

It is kept in the separator's own text behind a mark while the query is parsed.
"""

from sqlglot import exp
from sqlglot.tokenizer_core import Token, TokenType

from atlas.sql.dialects.rules import DialectRules
from atlas.sql.dialects.words import MARK

_LIMITED = [TokenType.STRING, TokenType.LIMIT, TokenType.NUMBER, TokenType.R_PAREN]


def fold_limits(tokens: list[Token], rules: DialectRules) -> list[Token]:
    """The tokens with each such limit folded into the separator before it."""
    if "SEPARATOR" not in rules.traits.keyword_calls.get("GROUP_CONCAT", ()):
        return tokens
    out: list[Token] = []
    skipped = 0
    for index, token in enumerate(tokens):
        if skipped:
            skipped -= 1
            continue
        if out and out[-1].text.upper() == "SEPARATOR" and _is_limited(tokens, index):
            text = token.text + MARK + tokens[index + 2].text
            token = Token(TokenType.STRING, text, token.line, token.col, token.start, token.end)
            skipped = 2
        out.append(token)
    return out


def _is_limited(tokens: list[Token], index: int) -> bool:
    """Whether a text with a limit stands here, as the last thing in the brackets of the call."""
    if [token.token_type for token in tokens[index : index + 4]] != _LIMITED:
        return False
    depth = 1
    for at in range(index - 1, 0, -1):
        kind = tokens[at].token_type
        depth += (kind is TokenType.R_PAREN) - (kind is TokenType.L_PAREN)
        if depth == 0:
            return tokens[at - 1].text.upper() == "GROUP_CONCAT"
    return False


def unfold_limit(call: exp.Expr, rules: DialectRules) -> None:
    """Make the limit a part of the call again."""
    separator = call.args.get("separator")
    if isinstance(separator, exp.Literal) and MARK in separator.this:
        text, number = separator.this.split(MARK)
        limit = exp.Limit(this=exp.Literal.string(text), expression=exp.Literal.number(number))
        call.set("separator", limit)
