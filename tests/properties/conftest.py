"""How many examples the properties run: many where everything is checked, few while one writes code."""

from __future__ import annotations

import importlib
import os
import pkgutil

from hypothesis import HealthCheck, settings

import apim_policy

# Hypothesis draws on the constants of all modules that are imported; the program imports lazily. Without this, the
# examples would depend on which tests a worker happened to run before.
for _module in pkgutil.walk_packages(apim_policy.__path__, "apim_policy."):
    if not _module.name.endswith("__main__"):
        importlib.import_module(_module.name)

# The fixture that every test has is one for each test, which is what these want: it changes nothing between examples.
_common = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
settings.register_profile("ci", _common, max_examples=2000, derandomize=True, database=None)
settings.register_profile("dev", _common, max_examples=100)
settings.load_profile("ci" if os.environ.get("CI") else "dev")
