"""What APIOps writes of named values, backends and their kind."""

from __future__ import annotations

import json

FOLDERS = {
    "named value": ("named values", "namedValueInformation.json"),
    "backend": ("backends", "backendInformation.json"),
    "logger": ("loggers", "loggerInformation.json"),
    "schema": ("schemas", "schemaInformation.json"),
}


def described(kind: str, *names: str, folder: str = "", **properties: str) -> dict[str, str]:
    """The files that describe resources of a kind."""
    collection, information = FOLDERS[kind]
    return {
        f"{folder}{collection}/{name}/{information}": json.dumps({"properties": properties}, indent=2)
        for name in names
    }
