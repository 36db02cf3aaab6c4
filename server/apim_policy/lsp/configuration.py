"""What a client configures itself, beside ``apim-policy.toml``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

SECTION = "apimPolicy"
"""Under this name a client keeps the settings."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """Settings of a client, from ``initializationOptions`` or its own configuration."""

    configuration_file: str = ""
    """``configurationFile``: a settings file that holds for all documents; relative to the first workspace folder."""
    ask: bool = True
    """``askAboutMcpHeaderForwarding``: whether to ask which headers the gateway forwards, where nothing says."""

    def settings_file(self, folders: Sequence[Path]) -> Path | None:
        """The settings file that holds for all documents; None where each document's own does."""
        if not self.configuration_file:
            return None
        path = Path(self.configuration_file).expanduser()
        return next(iter(folders), Path.cwd()) / path


def read_configuration(options: object, otherwise: Configuration) -> Configuration:
    """The settings that an object holds; what is missing or of another type is as in ``otherwise``."""
    if not isinstance(options, dict):
        return otherwise
    file = options.get("configurationFile")
    ask = options.get("askAboutMcpHeaderForwarding")
    return Configuration(
        configuration_file=file.strip() if isinstance(file, str) else otherwise.configuration_file,
        ask=ask if isinstance(ask, bool) else otherwise.ask,
    )
