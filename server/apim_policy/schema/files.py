"""Where the schemas stand."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def schemas_dir() -> Path:
    """The folder of the XSDs: inside the installed package, or beside ``server`` in a checkout.

    Raises FileNotFoundError where neither is there.
    """
    for folder in (_PACKAGE / "schemas", _PACKAGE.parent.parent / "schemas"):
        if (folder / "types.xsd").is_file():
            return folder
    raise FileNotFoundError(f"no folder with schemas beside {_PACKAGE}; install the package again")


def model_file() -> Path:
    """The compiled model of the XSDs."""
    return _PACKAGE / "schema" / "model.json"
