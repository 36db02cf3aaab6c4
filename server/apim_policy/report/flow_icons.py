"""The signs on the page of headers, drawn once and used everywhere."""

from __future__ import annotations

_PATHS = {
    "set": '<path d="M8 4v8M4 8h8"/>',
    "changed": '<path d="M4.5 11.5 5 9l5.5-5.5 2 2L7 11z"/>',
    "read": '<path d="M2.5 8S4.5 4.5 8 4.5 13.5 8 13.5 8 11.5 11.5 8 11.5 2.5 8 2.5 8z"/><circle cx="8" cy="8" r="1.4"/>',
    "deleted": '<path d="M4 8h8"/>',
    "stopped": '<path d="m5 5 6 6M11 5l-6 6"/>',
    "relayed": '<path d="M3 10.5c1-4.5 7-5.5 9-1.5M12.4 5.6 12 9l-3.3-.6"/>',
    "forwarded": '<path d="M3.5 8h8.5M8.8 4.8 12 8l-3.2 3.2"/>',
    "fine": '<path d="m4 8.4 2.7 2.7L12 5.4"/>',
}


def symbols() -> str:
    """The definitions, to stand once in a page."""
    drawn = "".join(
        f'<symbol id="i-{name}" viewBox="0 0 16 16">{path}</symbol>' for name, path in _PATHS.items()
    )
    return f'<svg class="symbols" aria-hidden="true">{drawn}</svg>'


def icon(name: str) -> str:
    """A use of one of them."""
    return f'<svg class="icon" aria-hidden="true"><use href="#i-{name}"/></svg>'
