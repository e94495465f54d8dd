# The two commands a newcomer needs: make demo, make test.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help demo run stop migrate test test-long alerts lint-api bench bench-planning format clean token services backup backups verify-backups restore

PORT ?= 8080
MAIL_PORT ?= 8025
export PORT MAIL_PORT SPLIT BACKUP BACKUP_SECOND BACKUP_FULLS
ifndef MAKE_BEGAN
export MAKE_BEGAN := $(shell date +%s)
endif
export DOTNET_NOLOGO := 1
export DOTNET_CLI_TELEMETRY_OPTOUT := 1
export MSBUILDDISABLENODEREUSE := 1

bin = artifacts/bin/$(1)/release/CallCenter.$(1).dll

help: ## This list
	@echo 'CallCenter: workforce and quality backend for call centres'
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo 'Settings: PORT=8080 (gateway; the services take the seven ports after it), MAIL_PORT=8025 (mailbox page, and the port after it),'
	@echo '          INFRA_PORT=15440 (PostgreSQL, RabbitMQ and its pages: five ports; tests 15540, bench 15640),'
	@echo '          BACKUP=daily, three-days or half-month (the product backs up by itself; make run and make demo remember it), no to end that'

demo: ## Everything from call records to the digest: generated calls, or CALLS=<file> MAPPING=<name>
	@deploy/local/calls-file '$(CALLS)' '$(MAPPING)'
	@$(MAKE) --no-print-directory run
	@dotnet $(call bin,Demo) --gateway http://127.0.0.1:$(PORT) --keys .local/demo/keys --mail .local/demo/mail \
		$(if $(CALLS),--calls '$(CALLS)') $(if $(MAPPING),--mapping '$(MAPPING)')
	@deploy/local/addresses

run: ## Build, start PostgreSQL, RabbitMQ and all services in one process (SPLIT=1: one each), and leave them running
	@deploy/local/services check
	@deploy/local/build deploy/local/run.slnf
	@deploy/local/services down
	@deploy/local/up demo
	@deploy/local/services up
	@deploy/local/addresses

stop: ## End what run or demo left running; the data stays
	@deploy/local/services down
	@deploy/local/down demo

migrate: ## Bring the databases to the version that was built, which run does first; services go on meanwhile
	@deploy/local/services migrate

backup: ## Back up databases, recordings and keys: KIND=full or incr; BACKUP_SECOND=<folder> for a second copy
	@deploy/local/backup $(or $(KIND),next)

backups: ## What can be restored
	@deploy/local/backup list

verify-backups: ## Read all backups again and compare them with their check sums
	@deploy/local/backup verify

restore: ## Take everything back to a moment: TO="2026-11-28 17:05:00", or one service alone: SERVICE=people
	@test -n '$(TO)' || { echo 'Say when: make restore TO="2026-11-28 17:05:00" [SERVICE=people]; make backups says what there is' >&2; exit 2; }
	@deploy/local/restore '$(TO)' $(or $(SERVICE),all)

test: ## All tests but the long ones, on servers of their own; nothing is left running. ARGS="--filter-class *Form*" for some
	@deploy/local/test --filter-not-trait Length=long $(ARGS)

test-long: ## The tests that take minutes: the whole product, killed processes, the demo and the tutorial
	@deploy/local/test --filter-trait Length=long $(ARGS)

alerts: ## Check the alert rules for Prometheus and run their tests
	@deploy/local/alerts

lint-api: ## Lint the API documents, each service's own and the gateway's; they are written to artifacts/openapi
	@deploy/local/lint-api

bench: ## Measure the figures of docs/how-to/measure.md against the limits of this machine
	@deploy/local/bench $(ARGS)

bench-planning: DATA ?= $(wildcard ../shared/data)
bench-planning: ## The planning engine beside published results; DATA=<folder of the benchmark data> ARGS="rosters --seconds 60"
	@deploy/local/build
	@dotnet $(call bin,PlanningBench) $(if $(DATA),--data '$(DATA)') $(ARGS)

format: ## Format the code; CHECK=1 only says whether it is
	@dotnet format whitespace . --folder --exclude artifacts .local $(if $(CHECK),--verify-no-changes)
	@dotnet format style CallCenter.sln $(if $(CHECK),--verify-no-changes)

token: ## A token for development: ROLE=inspector PROJECT=<id> [SUB=<id of the person>]
	@test -n '$(ROLE)' || { echo 'Say which: make token ROLE=inspector PROJECT=<id> [SUB=<id>]' >&2; exit 2; }
	@roles="$$(cut -d, -f3 services/*/access.csv | tr '|' '\n' | grep '^[a-z]' | sort -u | grep -vx roles)"; \
		for role in $$(echo '$(ROLE)' | tr , ' '); do echo "$$roles" | grep -qxF -- "$$role" || \
		{ echo "No route admits $$role. Roles are" $$roles >&2; exit 2; }; done
	@test -f $(call bin,DevToken) && test -d .local/demo/keys || { echo 'Nothing runs yet: make run' >&2; exit 2; }
	@dotnet $(call bin,DevToken) token --keys .local/demo/keys --role '$(ROLE)' \
		$(if $(PROJECT),--project '$(PROJECT)') $(if $(SUB),--sub '$(SUB)')

services: ## Write what must agree with services.json: solution, gateway, containers, local scripts
	@dotnet run --project deploy/Generate -- .

clean: ## End everything and remove what was built and stored
	@deploy/local/clean
