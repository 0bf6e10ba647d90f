# Everything that a person or CI types. `make` alone lists it.
# Needed before the first run: Python 3.11+, Java 17+, Maven and Node.js 20+; `make setup` says what is
# missing.

PYTHON ?= python3
WORKERS ?= 2
EVENTS ?= 20000
ARGS ?=

bin := .venv/bin
uv_version := 0.13.9
# scripts in .venv name its folder, so an environment that was moved here has another stamp
stamp := .venv/.synced-$(shell pwd -P | cksum | tr -d ' ')
quick_tests := $(wildcard tests/unit tests/contract tests/rules tests/project)
server_tests := $(wildcard tests/integration tests/e2e)
migrations := $(wildcard services/ledger/migrations/*.sql)

npm_folder := deploy/console
gather := services/console/gather_assets.py
assets := services/console/gathered/.made-$(shell cat $(npm_folder)/package-lock.json $(gather) | cksum | tr -d ' ')

.PHONY: help setup prerequisites jars kcat assets browser up test check unit integration search bench bench-missed bench-console bench-replay bench-rules mutate county fmt clean
.DEFAULT_GOAL := help

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 14

setup: $(stamp) jars kcat assets  ## make the environment, fetch Kafka, gather assets; needs a network once

up: setup  ## everything on this machine: Kafka, PostgreSQL, services, console; Ctrl-C stops it
	@$(bin)/fieldfare up $(ARGS)

test: setup browser  ## all that CI runs
	@$(MAKE) --no-print-directory check
	@$(bin)/coverage erase
	@$(MAKE) --no-print-directory unit
	@$(MAKE) --no-print-directory integration
	@$(bin)/coverage combine --quiet
	@$(bin)/coverage report --skip-covered --skip-empty

check: $(stamp)  ## all that can be said without running it
	$(bin)/ruff check
	$(bin)/ruff format --check
	$(bin)/mypy
	$(bin)/lint-imports
	$(bin)/deptry .
	$(bin)/yamllint --strict .
	$(bin)/typos
	$(if $(migrations),$(bin)/squawk $(migrations))

unit: $(stamp)  ## tests that need no server and may open no connection
	$(bin)/coverage run -m pytest -n $(WORKERS) --disable-socket --allow-unix-socket $(quick_tests)

integration: $(stamp) jars kcat assets browser  ## tests on the real Kafka, PostgreSQL and a browser
	$(bin)/coverage run -m pytest -n $(WORKERS) $(server_tests)

search: $(stamp)  ## try properties on examples that were never tried; ARGS="-k oracle" chooses
	$(bin)/python -m pytest -n $(WORKERS) --hypothesis-profile search $(quick_tests) -m hypothesis $(ARGS)

bench: setup  ## measure routing beside a plain handler, its stages, its latency, and matching
	@$(bin)/python -m tests.benchmarks $(ARGS)

bench-missed: setup  ## time the finder, the forecast and the watch over a million duties
	@$(bin)/python -m tests.benchmarks.missed $(ARGS)

bench-console: setup  ## time every page of the console over a million duties
	@$(bin)/python -m tests.benchmarks.console $(ARGS)

bench-replay: setup  ## time a replay of a million stored events; ARGS="--events 100000" is quicker
	@$(bin)/python -m tests.benchmarks.replay $(ARGS)

bench-rules: $(stamp)  ## measure proving, and matching beside zen-engine and CEL, which it installs
	@PATH="$$PATH:$$PWD/.tools/uv/bin" \
	  uv sync --quiet --frozen --extra sandbox --group bench --no-python-downloads --python $(PYTHON)
	@$(bin)/python -m tests.benchmarks.rules

mutate: $(stamp)  ## is every change of a rule caught by a case or a promise? some minutes
	@$(bin)/python -m tests.rules.mutation --workers $(WORKERS) $(ARGS)

county: $(stamp)  ## account for EVENTS events of a synthetic county, beside its own truth
	@$(bin)/python -m tests.rules.county_truth --events $(EVENTS) $(ARGS)

fmt: $(stamp)  ## format, and mend what can be mended
	$(bin)/ruff check --fix
	$(bin)/ruff format

clean:  ## delete the data of `make up` and what tools have cached; the environment stays
	@[ ! -e var/lock ] || flock --nonblock var/lock true || { echo "make up is running"; exit 2; }
	rm -rf var
	rm -rf .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache
	rm -rf .import_linter_cache htmlcov dist

prerequisites:
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed (PYTHON=$(PYTHON))"; exit 2; }
	@$(PYTHON) services/sandbox/prerequisites.py

$(stamp): uv.lock pyproject.toml | prerequisites
	@for old in .venv/.synced-*; do \
	  if [ -e "$$old" ] && [ "$$old" != $@ ]; then rm -rf .venv; fi; \
	done
	@command -v uv >/dev/null || [ -x .tools/uv/bin/uv ] || { \
	  $(PYTHON) -m venv .tools/uv && .tools/uv/bin/python -m pip install --quiet uv==$(uv_version); }
	@PATH="$$PATH:$$PWD/.tools/uv/bin" \
	  uv sync --quiet --frozen --extra sandbox --no-python-downloads --python $(PYTHON)
	@touch $@

jars: $(stamp)
	@$(bin)/python -m services.sandbox.kafka_jars

# styles and scripts of the console: npm fetches them once, nothing of them is kept in git
assets: $(assets)

$(assets): | $(stamp)
	@command -v npm >/dev/null || { echo "npm is needed (Debian: npm, or Node.js 20 or newer)"; exit 2; }
	@cd $(npm_folder) && npm ci --silent --ignore-scripts --no-audit --no-fund
	@$(bin)/python -m services.console.gather_assets $(npm_folder)/node_modules
	@touch $@

# the browser in which the console's pages are tested
browser:
	@command -v chromium >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get install -qq -y chromium >/dev/null 2>&1 \
	      || { apt-get update -qq && apt-get install -qq -y chromium >/dev/null; }; \
	  fi; \
	  command -v chromium >/dev/null \
	    || { echo "chromium is missing; type: sudo apt-get install chromium"; exit 2; }; }

# an independent Kafka client, with which a test looks at queues as a receiving system would
kcat:
	@command -v kcat >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get install -qq -y kcat >/dev/null 2>&1 \
	      || { apt-get update -qq && apt-get install -qq -y kcat >/dev/null; }; \
	  fi; \
	  command -v kcat >/dev/null || echo "kcat is missing; type: sudo apt-get install kcat"; }
