# Two commands are all a user needs: `make run` and `make test`. Each first creates what it needs (.venv, Python packages,
# and system packages where it may); a second call is quick.

PYTHON ?= python3
PYTEST_ARGS ?= -n auto --dist loadgroup
BIN := .venv/bin
# These three must cover every branch of core and figure on their own
PURE_TESTS := tests/core tests/figure tests/days

.DEFAULT_GOAL := help
.PHONY: help run test desktops check demo bench gallery format pins clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Start the coach in the foreground (Ctrl+C ends it)
	@$(PYTHON) scripts/prepare.py run
	@$(BIN)/traycoach run

# Plasma and GNOME need 1 GB of packages: `make test` has them where CI is set, `make desktops` everywhere.
test: ## Run the tests, real desktops included
	@$(PYTHON) scripts/prepare.py $(if $(CI),desktops,test)
	@$(if $(CI),,echo "traycoach: Plasma and GNOME are left out; make desktops installs them (1 GB) and runs their tests.")
	@$(BIN)/pytest $(if $(CI),,-m "not heavy_desktop") $(PYTEST_ARGS)

desktops: ## Run the tests on Plasma and GNOME; installs both (1 GB)
	@$(PYTHON) scripts/prepare.py desktops
	@$(BIN)/pytest -m heavy_desktop tests/desktops

check: ## Style, types, import rules, words, generated files, coverage of the pure parts
	@$(PYTHON) scripts/prepare.py test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict traycoach tests scripts bench
	$(BIN)/lint-imports
	$(BIN)/python scripts/vocabulary.py
	$(BIN)/python -m traycoach.library --check
	$(BIN)/pytest -q -n auto --cov --cov-report=term $(PURE_TESTS)

demo: ## Show the coach at work on a private desktop; pictures and a timeline in demo/
	@$(PYTHON) scripts/prepare.py test
	@$(BIN)/python -m scripts.demo

bench: ## Measure the budgets; a few minutes on a quiet machine
	@$(PYTHON) scripts/prepare.py test
	@$(BIN)/python -m bench

gallery: ## Draw every exercise, moving and as a storyboard, into build/gallery/; some minutes
	@$(PYTHON) scripts/prepare.py test
	@$(BIN)/python -m bench.gallery

format: ## Lay out the code as the checks want it
	@$(PYTHON) scripts/prepare.py test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The pins name no server, and no local mirror may put its own files' hashes into them.
COMPILE := PIP_CONFIG_FILE=/dev/null PIP_FIND_LINKS= PIP_EXTRA_INDEX_URL= CUSTOM_COMPILE_COMMAND="make pins" \
	$(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header --no-emit-options \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host

pins: ## Pin the newest allowed versions in requirements/
	@$(PYTHON) scripts/prepare.py test
	$(COMPILE) --upgrade --extra dev --output-file requirements/dev.txt pyproject.toml
	$(COMPILE) --upgrade --constraint requirements/dev.txt --output-file requirements/run.txt pyproject.toml
	$(COMPILE) --upgrade --constraint requirements/dev.txt --build-deps-for editable --only-build-deps \
		--output-file requirements/build.txt pyproject.toml

clean: ## Remove everything that make made
	rm -rf .venv build dist demo htmlcov .coverage .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
