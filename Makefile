# Every verb calls one script; `make` alone prints them.
.DEFAULT_GOAL := help
.PHONY: help demo demo-check test check fmt promise promises cover mutate bench soak db-snapshot lock docs \
        services-up services-down clean
INSTANCE ?= dev
# Some machines forbid it, and then every one of hundreds of processes compiles each library anew.
unexport PYTHONDONTWRITEBYTECODE

help: ## print these lines
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
demo: ## play the demonstration until Ctrl-C: a patient at home deteriorates, people are told
	@scripts/demo
demo-check: ## play it without a terminal and assert each step (under four minutes)
	@scripts/demo-check
test: ## everything CI runs, with a time and a budget for each suite (under 60 minutes)
	@scripts/test $(SUITES)
check: ## the inner loop: style, types, layers, unit and architecture tests (under 2 minutes)
	@scripts/check
fmt: ## format the code
	@scripts/fmt
promise: ## run the tests behind one promise: make promise P=R1
	@scripts/promise $(P)
promises: ## list the promises and their state
	@scripts/promises
cover: ## which lines and branches of the scores no test runs
	@scripts/cover
mutate: ## put small faults into pure files, one at a time: make mutate F=scoring/news2.py
	@scripts/mutate $(F)
bench: ## measure against a stated goal: make bench B=NAME
	@scripts/bench $(B)
soak: ## break the product again and again, for MINUTES (default 8 h)
	@scripts/soak $(MINUTES)
db-snapshot: ## write the schema snapshot anew after a migration
	@scripts/db-snapshot
lock: ## choose the versions of dependencies anew
	@scripts/lock
docs: ## write the generated pages of docs/reference anew
	@scripts/docs
services-up: ## bring up the services of INSTANCE (default dev)
	@scripts/services up --instance $(INSTANCE)
services-down: ## stop the services of INSTANCE
	@scripts/services down --instance $(INSTANCE)
clean: ## stop everything and remove what the scripts made
	@scripts/clean
