# Needs python3 (3.11 or later), make and a package registry; everything else is fetched by hash.
# Settings: PYTHON (interpreter), HOST and PORT (make run), PYTEST_ARGS (make test).

PYTHON ?= python3
UV     := .uv/bin/uv
PY     := .venv/bin/python
FLASK  := .venv/bin/flask
# The pinned npm of the development environment, else the machine's. `make run` needs none.
NPM    := $$(command -v .venv/bin/npm || echo npm) ci --loglevel=error \
          --fetch-retry-mintimeout=2000 --fetch-retry-maxtimeout=10000

# Two processes are worth their start-up; one file's tests stay together and share its fixtures.
# In the order of tests/conftest.py: by itself it would begin the files with the most tests first.
PYTEST_ARGS ?= -n 2 --dist loadscope --no-loadscope-reorder

export UV_PYTHON_DOWNLOADS := never
export UV_NO_CONFIG        := 1
# Both trust what the machine trusts: a company's proxy may sign for the registry.
export UV_SYSTEM_CERTS     := true
export NODE_USE_SYSTEM_CA  := 1

.DEFAULT_GOAL := help
.PHONY: help run test check kills money-races money-kills bench bench-jobs histories lock vendor screenshots

run: .venv/.run ## Start the portal: database, demonstration programme, server, scheduler
	@$(FLASK) init
	@$(FLASK) demo
	@exec $(FLASK) serve

test: .venv/.dev node_modules/.test ## Run every test on SQLite, on PostgreSQL and in a browser
	@$(PY) -m pytest $(PYTEST_ARGS)

check: .venv/.dev ## Check format, lint, types, import contracts, migrations and seed data
	@$(PY) scripts/check.py

screenshots: .venv/.dev node_modules/.test ## Make the pictures of README and help anew
	@SCREENSHOTS=docs/screenshots $(PY) -m pytest -q -n 0 tests/e2e/test_journey.py tests/e2e/test_help_pictures.py

histories: .venv/.dev ## Play 2,000 random histories of every life; 2,000 steps of each on both databases
	@HISTORIES=2000 HISTORIES_ON_A_DATABASE=2000 $(PY) -m pytest -n 0 \
	  tests/rules/test_histories.py tests/actions/test_histories.py

kills: .venv/.dev ## Kill 200 uploads on each database, and send 10,001 files in a day
	@FILE_KILLS=200 FILES_ADDED=10001 $(PY) -m pytest -q -n 0 tests/actions/test_files.py -k "killed or so_many_in_a_day"

money-races: .venv/.dev ## Send 10,000 payments for the last yuan at once, and 200 forms 20 times each, on each database
	@MONEY_ATTEMPTS=10000 MONEY_ROUNDS=200 $(PY) -m pytest -q -n 0 tests/actions/funding/test_money_races.py

money-kills: .venv/.dev ## Kill 200 processes on each database while they pay
	@MONEY_KILLS=200 $(PY) -m pytest -q -n 0 tests/actions/funding/test_money_kills.py

bench: .venv/.dev ## Measure the figures of the performance budget
	@$(PY) scripts/bench.py

bench-jobs: .venv/.dev ## Kill workers of background jobs: 8 processes, 10,000 items, both databases
	@$(PY) scripts/bench_jobs.py

vendor: .venv/.dev ## Copy front-end files and fonts from npm to static/vendor
	@$(NPM)
	@touch node_modules/.test
	@$(PY) scripts/vendor.py

lock: $(UV) ## Resolve the dependencies anew into the hash-locked files
	$(UV) lock --quiet
	$(UV) export --quiet --no-dev --no-emit-project --no-header -o requirements.lock
	$(UV) export --quiet --no-emit-project --no-header -o requirements-dev.lock

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# ---- environment ---------------------------------------------------------------------------

$(UV): requirements-uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or later is needed: make PYTHON=/path/to/python3.11 ..." >&2; exit 1; }
	@if $(PYTHON) -m pip --version >/dev/null 2>&1; then pip="$(PYTHON) -m pip"; \
	elif $(PYTHON) -m venv .uv/pip >/dev/null 2>&1; then pip=.uv/pip/bin/pip; \
	else echo "$(PYTHON) has neither pip nor venv: install one of them (python3-venv)" >&2; exit 1; fi; \
	$$pip install -qq --disable-pip-version-check --root-user-action=ignore \
	  --no-deps --require-hashes --upgrade --target .uv -r $<
	@touch $@

$(PY): | $(UV)
	$(UV) venv --quiet --python $(PYTHON) .venv

# A development environment stays one: `make run` does not take the test tools away again.
.venv/.run: requirements.lock | $(PY)
	$(UV) pip sync --quiet --python $(PY) --require-hashes \
	  $$([ -e .venv/.dev ] && echo requirements-dev.lock || echo requirements.lock)
	@touch $@

.venv/.dev: requirements-dev.lock | $(PY)
	$(UV) pip sync --quiet --python $(PY) --require-hashes $<
	@touch .venv/.run $@

# The browser, its font and axe. Without them the browser tests say why they are skipped;
# REQUIRE_BROWSER=1 makes that a failure.
node_modules/.test: package-lock.json | .venv/.dev
	@if $(NPM) --omit=dev; then touch $@; \
	else echo "npm ci failed: no browser from npm" >&2; [ "$$REQUIRE_BROWSER" != 1 ]; fi
