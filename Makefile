# `make demo` shows the main job on a real example, `make test` checks everything but the editors.
# Both set up what they need: a virtual environment in .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
DEVELOPED := $(VENV)/.developed
JOBS ?= auto

.DEFAULT_GOAL := help
.PHONY: help demo test lint types layers unit test-editors docs site format ratchet benchmarks clean

help:
	@echo "make demo          set everything up and lint the example workspace"
	@echo "make test          style, types, layers and tests"
	@echo "make test-editors  drive a real VS Code and a real Neovim through the example"
	@echo "make format        lay out the code"
	@echo "make docs          generate the pages of the rules"
	@echo "make site          build the documentation site in build/site/html"
	@echo "make framework     read the types of .NET from packages of Debian (see tools/dotnet)"
	@echo "make benchmarks    measure start-up and parsing"
	@echo "make ratchet       record the figures reached on the corpus of real documents"
	@echo "make clean         remove the virtual environment and caches"

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "apim-policy needs Python 3.11 or later; name one with: make PYTHON=/path/to/python3.12 ..."; exit 1; }
	@echo "Making a virtual environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV)

$(INSTALLED): pyproject.toml | $(BIN)/python
	@echo "Installing apim-policy and what it needs"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(DEVELOPED): pyproject.toml $(INSTALLED)
	@echo "Installing the tools of development"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check 'pip>=25.1'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group dev
	@touch $@

demo: $(INSTALLED)
	@echo
	@echo "$$ apim-policy lint examples/orders-mcp"
	@$(BIN)/apim-policy lint examples/orders-mcp --exit-zero
	@echo
	@echo "See the repair, which changes both files together:"
	@echo "$$ apim-policy fix examples/orders-mcp --unsafe-fixes --fix-only MCP001 --diff"
	@$(BIN)/apim-policy fix examples/orders-mcp --unsafe-fixes --fix-only MCP001 --diff || true

test: lint types layers unit

lint: $(DEVELOPED)
	@$(BIN)/ruff check server tests benchmarks docs tools
	@$(BIN)/ruff format --check server tests benchmarks docs tools

types: $(DEVELOPED)
	@$(BIN)/mypy

layers: $(DEVELOPED)
	@PYTHONPATH=server $(BIN)/lint-imports --no-cache

unit: $(DEVELOPED)
	@$(BIN)/python -m pytest -n $(JOBS) --dist worksteal

test-editors: $(DEVELOPED)
	@tests/editors/run.sh

format: $(DEVELOPED)
	@$(BIN)/ruff check --fix server tests benchmarks docs tools
	@$(BIN)/ruff format server tests benchmarks docs tools

docs: $(INSTALLED)
	@$(BIN)/python -m apim_policy.schema.compile
	@$(BIN)/python docs/generate.py

site: $(DEVELOPED)
	@$(BIN)/python docs/site.py
	@echo "Built build/site/html/index.html"

framework: $(DEVELOPED)
	@$(BIN)/python tools/dotnet/extract.py

benchmarks: $(DEVELOPED)
	@$(BIN)/python benchmarks/startup.py
	@$(BIN)/python benchmarks/parsing.py

ratchet: $(DEVELOPED)
	@$(BIN)/python tests/corpus/record.py

clean:
	rm -rf $(VENV) .pytest_cache .hypothesis .ruff_cache .mypy_cache .import_linter_cache build dist
