"""Language server and linter for Azure API Management policy documents."""

__version__ = "0.1.0"
