# `make test` is the one command: on a Debian machine with Go and Node it installs what it needs and checks everything.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

GOLANGCI := go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
OUT := web/node_modules/.cache/shuizheng

.PHONY: help test check install format vet web web-check lint race e2e sim bench update

help: ## this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## /  make \1\t/' | expand -t 20

test: install format vet web-check lint race ## install what the tests need, and check everything: cheap things first

check: format vet lint ## what needs no browser and no front end, for between two edits
	go test $$(go list ./... | grep -v /e2e)

install: ## make, gcc, Chromium with Chinese letters, and the front end's packages
	@.ci/install

format:
	@bad=$$(gofmt -l $$(find . -name '*.go' -not -path '*/node_modules/*')); [ -z "$$bad" ] || { echo "gofmt: $$bad" >&2; exit 1; }

vet:
	go vet ./...

web: install ## build the front end into web/dist, which is committed
	cd web && npm run --silent build

web-check: install ## types and tests of the front end; its committed build is what its source builds
	mkdir -p $(OUT)
	cd web && npm run --silent typecheck
	cd web && npx vitest run --reporter=default --reporter=json --outputFile.json=../$(OUT)/vitest.json
	.ci/dist

lint: ## the linters of .golangci.yml
	$(GOLANGCI) run --timeout 10m

# The browser's turn comes alone: what waits for a screen must not wait for the compiler as well.
race: ## every Go test, with the race detector, and the closing line
	{ rc=0; \
	  go test -race -shuffle=on -timeout 12m -json $$(go list ./... | grep -v /e2e) || rc=1; \
	  go test -race -timeout 12m -json ./e2e/... || rc=1; \
	  exit $$rc; } | node .ci/report.mjs $(OUT)/vitest.json

e2e: install ## the real binary in a real browser
	go test -count=1 -v ./e2e/...

sim: ## the tests that draw their seeds, many times over: make sim RUNS=100; SEED=… repeats one
	go test -race -count=$(or $(RUNS),20) -shuffle=on -timeout 60m ./relay/... ./projections/...
	STEPS=$(or $(STEPS),1000000) go test -count=1 -timeout 60m -run Walk ./domain/casefile

bench: ## durable commands beside PostgreSQL, visibility and rebuild, measured on this machine: make bench BENCH="--rounds 3"
	.ci/bench $(BENCH)

update: ## write golden files of new events, and docs/events.md
	go test ./domain/catalog -update
