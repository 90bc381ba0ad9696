# The verbs of the house. `make` alone lists them.
PYTHON ?= python3
PORT ?= 8000
SHELL := /bin/bash
MIRROR := $(wildcard ../shared/data)
export AROBASE_DATA_MIRROR ?= $(if $(MIRROR),$(CURDIR)/$(MIRROR))
LOCKS := $(wildcard requirements/*.txt)

.PHONY: help install demo test test-fast format bench screenshots tours picture soak lock
.DEFAULT_GOAL := help

help: ## list these verbs
	@grep -hE '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 14

install: .venv/.installed node_modules/.installed src/arobase/web/static/build/.built .venv/.translated ## set everything up

.venv/.installed: $(LOCKS) pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Arobase needs Python 3.11 or later; set PYTHON=python3.11.")'
	@test -x .venv/bin/python || $(PYTHON) -m venv .venv
	.venv/bin/python -m pip install --quiet --require-hashes -r requirements/install.txt
	.venv/bin/python -m uv pip install --quiet --compile-bytecode --python .venv/bin/python --require-hashes -r requirements/app.txt -r requirements/dev.txt
	.venv/bin/python -m uv pip install --quiet --compile-bytecode --python .venv/bin/python --no-deps --require-hashes -r requirements/data.txt
	.venv/bin/python -m uv pip install --quiet --compile-bytecode --python .venv/bin/python --no-deps --no-build-isolation --editable .
	@touch $@

node_modules/.installed: package-lock.json
	npm ci --loglevel=error
	@touch $@

src/arobase/web/static/build/.built: node_modules/.installed $(shell find frontend -type f)
	npm run --silent build
	@touch $@

.venv/.translated: .venv/.installed $(shell find src -name '*.po')
	.venv/bin/python tools/messages.py compile
	@touch $@

demo: install ## load the data, fill the demonstration, serve it on http://127.0.0.1:8000
	.venv/bin/arobase demo --port $(PORT)

test: install ## every check and every test, on SQLite and (where one runs) PostgreSQL
	.venv/bin/python tools/check.py

format: install ## format and sort the code
	.venv/bin/ruff format . && .venv/bin/ruff check --fix .

bench: install ## measure: loading, search, API, tiles, page weights
	.venv/bin/python -m benchmarks

elex: install ## elex-model in var/elex, for `arobase elections backtest --elex-python var/elex/bin/python`
	.venv/bin/python -m uv venv --quiet --clear var/elex
	.venv/bin/python -m uv pip install --quiet --python var/elex/bin/python --require-hashes -r requirements/elex-model.txt

screenshots: install ## every page at 360 and 1280 px, light and dark, into var/screenshots/
	.venv/bin/python tools/screenshots.py

tours: install ## each role's tour in pictures, into docs/images/tours/
	.venv/bin/python tools/tours.py

picture: install ## the README's picture, of the atlas over all France
	.venv/bin/python tools/picture.py

soak: install ## the long loops: twenty kills over all of France
	.venv/bin/python -m pytest -m soak

lock: ## lock every dependency with hashes, a week after release
	cd requirements && for name in install app dev elex-model; do \
	  ../.venv/bin/python -m uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-header \
	    --exclude-newer "$$(date -u -d '7 days ago' +%Y-%m-%d)" $$name.in -o $$name.txt; done
	cd requirements && ../.venv/bin/python -m uv pip compile --quiet --generate-hashes --no-deps --no-header data.in -o data.txt
