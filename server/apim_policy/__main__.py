"""``python -m apim_policy`` is the command ``apim-policy``."""

from apim_policy.cli.main import run

if __name__ == "__main__":
    run()
