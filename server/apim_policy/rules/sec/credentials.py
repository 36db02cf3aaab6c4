"""Names that credentials go by."""

from __future__ import annotations

import re

# Words are told apart by case, hyphens and underscores: "X-Functions-Key" is "x-functions-key".
_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[\s_.]+")
_HEADERS = re.compile(
    r"""(?:proxy-)?authorization | (?:set-)?cookie
    | (?:.+-)?(?:api-?key|subscription-key|functions-key|access-key|account-key|master-key|function-key|host-key)
    | (?:.+-)?(?:access|auth|id|bearer|refresh|security|session|sas|user|csrf|jwt|api)-token | x-token | token | jwt
    | (?:.+-)?(?:password|passwd|secret|client-secret)""",
    re.X,
)
_FIELDS = re.compile(
    r"""(?:.+-)?(?:access|refresh|id|bearer|sas|auth)-token | (?:.+-)?(?:client|app|consumer|shared)-secret
    | (?:.+-)?(?:password|passwd|pwd) | (?:.+-)?(?:api|subscription|account|access|functions|primary|secondary)-?key
    | client-assertion | assertion | sig | private-key | authorization | secret""",
    re.X,
)


def _words(name: str) -> str:
    return _WORDS.sub("-", name.strip()).lower()


def is_credential_header(name: str) -> bool:
    """Whether a header of that name carries a credential."""
    return _HEADERS.fullmatch(_words(name)) is not None


def is_credential(name: str) -> bool:
    """Whether a field or a parameter of that name holds a credential."""
    return _FIELDS.fullmatch(_words(name)) is not None


def is_password_name(name: str) -> bool:
    """Whether somebody chooses what a field, header or variable of that name holds."""
    return _words(name).rpartition("-")[2] in ("password", "passwd", "pwd")


def is_credential_variable(name: str) -> bool:
    """Whether a variable of that name surely holds a credential."""
    words = _words(name)
    return is_credential(name) or words.endswith(("-bearer-token", "-access-token", "-sas-token"))
