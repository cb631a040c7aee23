# `make help` lists what there is. Each line is what CI runs.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
JS := intake/web/js
NODE_FOLDERS := $(JS) tests/age/node

# Hundreds of servers and commands are started: each would compile all of the program anew.
unexport PYTHONDONTWRITEBYTECODE

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

demo: $(VENV)/.installed .browser-if-allowed ## the main job on this machine, from keys to export; ONCE=1 ends by itself
	@$(BIN)/python -m deploy.demo $(if $(ONCE),--once)

test: install ## everything that is tested, in 12 to 17 minutes on 2 cores
	@# Read in once, that not each of four processes writes every assertion anew; node has the other core.
	$(BIN)/python -m pytest --collect-only -qq >/dev/null 2>&1 & reading=$$!
	for folder in $(JS); do (cd $$folder && npm test --silent); done
	wait $$reading || true  # what is wrong with it the run itself says
	$(BIN)/python -m pytest -n 4 --dist loadscope --no-loadscope-reorder $(PYTEST)

check: install ## formatting, types, layers, bundle: everything but the tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/mypy
	node $(JS)/node_modules/pyright/index.js
	cd $(JS) && npm run --silent check
	cd $(CURDIR) && $(BIN)/python -m tests.tree_is_clean

format: install ## write the tree as `make check` wants it
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

bundle: install ## build the script that seals in the browser
	cd $(JS) && npm run --silent build

bench: install ## measure, beside other tools, and write benchmarks/results.json; ONLY="NAME ..." measures these alone
	$(BIN)/python -m benchmarks $(if $(ONLY),--only $(ONLY))

bench-redaction: install ## how much of what gives away is found; TEXTS=FOLDER has TAB and factRuEval
	$(BIN)/python -m benchmarks.redaction $(TEXTS)

models: install ## train what finds names anew from TEXTS=FOLDER, with TAB and factRuEval
	$(BIN)/python -m benchmarks.redaction.models $(TEXTS)

screenshots: install ## pictures of every page, in build/screenshots; the README's too
	$(BIN)/python -m tests.browser.screenshots build/screenshots

lexicons: install ## cut the lists of places and names anew from what they are taken from
	$(BIN)/python -m deploy.lexicons

long: install .office .walking ## what takes longer: whole walks, every kill, other browsers
	$(BIN)/python -m pytest -m long $(PYTEST)
	$(BIN)/python -m pytest --whole-chromium tests/browser tests/test_coming_back.py $(PYTEST)

lock: $(VENV)/.installed ## write requirements/*.txt anew
	$(BIN)/pip install -q uv
	day=$$(date -u -d '7 days ago' +%F)
	compile="$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --exclude-newer $$day"
	$$compile pyproject.toml --extra server -o requirements/server.txt
	$$compile pyproject.toml --extra server --extra postgres -o requirements/postgres.txt
	$$compile pyproject.toml --extra review -o requirements/review.txt
	$$compile pyproject.toml --extra audit -o requirements/audit.txt
	$$compile pyproject.toml requirements/dev.in --extra server --extra postgres --extra review --extra audit -o requirements/dev.txt

dist: $(VENV)/.installed ## build the wheel and the sdist, the same bytes everywhere, in build/dist
	rm -rf build/dist && $(BIN)/python -m deploy.supply dist build/dist

wheelhouse: $(VENV)/.installed ## a folder for a stick, build/wheelhouse: all that a server installs without a network
	rm -rf build/wheelhouse && $(BIN)/python -m deploy.supply wheelhouse build/wheelhouse

audit: install ## locks, licences, and the public databases of advisories; OFFLINE=1 leaves these out
	$(BIN)/python -m deploy.supply audit $(if $(OFFLINE),--offline)

install: $(VENV)/.installed .browsers .deploying $(NODE_FOLDERS:%=%/node_modules/.installed) ## put everything in place that tests and checks need

$(VENV)/.installed: requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed: make PYTHON=python3.11" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV) || { echo "venv is missing: apt-get install python3-venv" >&2; exit 1; }
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation --no-index -e .
	touch $@

%/node_modules/.installed: %/package-lock.json
	@command -v npm >/dev/null || { echo "Node.js 20 or later with npm is needed: apt-get install nodejs npm" >&2; exit 1; }
	cd $* && npm ci --ignore-scripts --silent --no-audit --no-fund
	touch node_modules/.installed

.browsers:
	@deploy/demo/install-debian chromium chromium-headless-shell firefox-esr strace faketime pdftotext=poppler-utils

.deploying:
	@deploy/demo/install-debian systemd-analyze=systemd tor nft=nftables ip=iproute2 nginx=nginx-light pg_ctlcluster=postgresql

.walking:
	@deploy/demo/install-debian debootstrap podman runc setpriv=util-linux patroni etcd=etcd-server
	@/usr/bin/python3 -c 'import yaml' 2>/dev/null || deploy/demo/install-debian python3-yaml

.office:
	@deploy/demo/install-debian soffice=libreoffice-calc

.browser-if-allowed:
	@deploy/demo/install-debian --optional chromium

.PHONY: help demo test check format bundle bench bench-redaction models screenshots lexicons long lock dist wheelhouse audit install .browsers .deploying .walking .office .browser-if-allowed
