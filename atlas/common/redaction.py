"""Masks secrets in text before it reaches a log, a prompt, an audit entry or a page."""

import re

MASK = "[hidden]"

_URL_CREDENTIALS = re.compile(
    r"(?P<scheme>[a-z][a-z0-9+.-]*://)[^\s/@:]*(?::[^\s@]*)?@", re.IGNORECASE
)
_KEY_VALUE = re.compile(
    r"(?P<key>\b(?:password|passwd|pwd|secret|token|api[_-]?key|authorization)\b[\"']?\s*[=:]\s*)"
    r"(?P<value>\"[^\"]*\"|'[^']*'|(?:Bearer\s+)?[^\s,;&)]+)",
    re.IGNORECASE,
)
_PROVIDER_KEY = re.compile(r"\b(?:sk|pk|rk|xox[abp]|ghp|atl)[-_][A-Za-z0-9_-]{12,}")


def redact(text: str) -> str:
    """Return `text` with passwords in URLs, `key=value` secrets and provider keys masked."""
    text = _URL_CREDENTIALS.sub(rf"\g<scheme>{MASK}@", text)
    text = _KEY_VALUE.sub(rf"\g<key>{MASK}", text)
    return _PROVIDER_KEY.sub(MASK, text)
