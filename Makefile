# Everything this checkout can do. `make` alone lists it; nothing is written outside the checkout.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input install --quiet --root-user-action=ignore
LOCKED := $(PIP) --require-hashes --no-build-isolation

# An environment is current while a stamp carries the digest of the files it was made from.
digest = $(shell cat $(1) | sha256sum | cut -c1-16)
RUNTIME_FILES := requirements-build.lock requirements.lock pyproject.toml
RUNTIME := .venv/.runtime-$(call digest,$(RUNTIME_FILES))
DEV := .venv/.dev-$(call digest,$(RUNTIME_FILES) requirements-dev.lock)

# What checks pages in the tests: axe-core and the Nu validator, from npm, pinned in tests/package-lock.json.
TOOLS := tests/node_modules/.tools-$(call digest,tests/package.json tests/package-lock.json tests/.npmrc)

DEBIAN_PACKAGES := chromium curl fontconfig fonts-noto-cjk

.PHONY: help run setup test test-data check lint types imports data-given browser database bench bench-index bench-quality bench-size soak format lock clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(RUNTIME) ## install what is needed, then serve the two briefings at http://127.0.0.1:8000
	@exec $(BIN)/minsheng-web

setup: $(DEV) $(TOOLS) ## install everything into .venv and tests/node_modules, tests and linters too

test: check browser database $(TOOLS) ## everything that needs nothing outside the checkout: lint, types, imports, tests, browser, database
	@$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

test-data: data-given $(DEV) ## the tests that need the judged questions: make test-data DATA=../shared
	@$(BIN)/python -m pytest -m data --data="$(DATA)"

check: lint types imports ## lint, types and the direction of imports, without the tests

lint: $(DEV)
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check

types: $(DEV)
	@$(BIN)/mypy

imports: $(DEV)
	@$(BIN)/lint-imports --no-logo

bench: $(DEV) ## speed and memory
	@$(BIN)/python -m tests.bench

bench-index: data-given $(DEV) ## indexing 10,000 real-length documents: make bench-index DATA=../shared
	@$(BIN)/python -m tests.bench.index --data "$(DATA)"

bench-size: data-given $(DEV) ## from 1,000 to a million passages beside other engines: make bench-size DATA=../shared
	@$(BIN)/python -m tests.bench.size --data "$(DATA)"

soak: $(DEV) ## half an hour of trials: what make test leaves out, publishing killed at 50 random moments, then the service under long load
	@$(BIN)/python -m pytest --long
	@$(BIN)/python -m tests.soak
	@$(BIN)/python -m tests.soak.service

bench-quality: data-given $(DEV) ## how often it is right: make bench-quality DATA=../shared
	@$(BIN)/python -m tests.bench.quality --data "$(DATA)"

format: $(DEV) ## put the code into the house's form
	@$(BIN)/ruff check --fix-only --quiet
	@$(BIN)/ruff format

lock: ## pin the newest allowed version of everything, by hash, for every platform
	@uv="$$(mktemp -d)"; trap 'rm -rf "$$uv"' EXIT; \
	$(PYTHON) -m venv "$$uv"; \
	"$$uv/bin/python" -m pip --disable-pip-version-check --no-input install --quiet --root-user-action=ignore uv; \
	compile() { \
	  "$$uv/bin/uv" pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-emit-find-links --no-header --no-annotate --no-cache "$$@"; \
	}; \
	compile pyproject.toml --output-file requirements.lock; \
	compile pyproject.toml --extra dev --constraints requirements.lock --output-file requirements-dev.lock; \
	compile requirements-build.in --constraints requirements-dev.lock --output-file requirements-build.lock

clean: ## remove the environment and the caches; var/ stays, it is not ours to remove
	@rm -rf .venv tests/node_modules .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache dist test-results

data-given:
	@[[ -d "$(DATA)" ]] || { echo "Say where the judged questions are, as in: make test-data DATA=../shared" >&2; exit 1; }

browser:
	@missing=(); \
	command -v chromium >/dev/null || missing+=(chromium); \
	command -v curl >/dev/null || missing+=(curl); \
	{ fc-list ':lang=zh-cn' 2>/dev/null || true; } | grep -q . || missing+=("Chinese fonts"); \
	if (( ! $${#missing[@]} )); then exit 0; fi; \
	if (( EUID == 0 )) && command -v apt-get >/dev/null; then \
	  echo "installing for the browser tests: $(DEBIAN_PACKAGES)"; \
	  export DEBIAN_FRONTEND=noninteractive; \
	  apt-get update -qq; \
	  apt-get install -y -qq -o DPkg::Lock::Timeout=300 --no-install-recommends $(DEBIAN_PACKAGES) >/dev/null; \
	else \
	  echo "The browser tests need: $${missing[*]}. Install them once, then run this again:" >&2; \
	  echo "    sudo apt-get install --no-install-recommends $(DEBIAN_PACKAGES)" >&2; \
	  exit 1; \
	fi

database:
	@if compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null; then exit 0; fi; \
	if (( EUID == 0 )) && command -v apt-get >/dev/null; then \
	  echo "installing for the database tests: postgresql"; \
	  export DEBIAN_FRONTEND=noninteractive; \
	  apt-get update -qq; \
	  apt-get install -y -qq -o DPkg::Lock::Timeout=300 --no-install-recommends postgresql >/dev/null; \
	else \
	  echo "The database tests need PostgreSQL's server. Install it once, then run this again:" >&2; \
	  echo "    sudo apt-get install --no-install-recommends postgresql" >&2; \
	  exit 1; \
	fi

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed, as in: make PYTHON=python3.11 run" >&2; exit 1; }
	@$(PYTHON) -m venv .venv || \
	  { rm -rf .venv; echo "On Debian, this first: sudo apt-get install python3-venv" >&2; exit 1; }

# jieba comes as source: what builds it is installed first, by hash, and the build fetches nothing.
$(RUNTIME): | $(BIN)/python
	@echo "installing what the service needs into .venv"
	@$(LOCKED) -r requirements-build.lock
	@$(LOCKED) -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@rm -f .venv/.runtime-* && touch $@

$(DEV): $(RUNTIME)
	@echo "installing what the tests need into .venv"
	@$(LOCKED) -r requirements-dev.lock
	@rm -f .venv/.dev-* && touch $@

$(TOOLS):
	@for tool in npm java; do command -v $$tool >/dev/null || { \
	  echo "The tests of pages need $$tool. On Debian: sudo apt-get install --no-install-recommends npm default-jre-headless" >&2; \
	  exit 1; }; done
	@echo "installing what checks the pages into tests/node_modules"
	@npm ci --prefix tests --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@
