# Everything a user or a developer does with this repository. `make help` lists it.
SWIFT_FLAGS := -c release
TRANSHUMANCE := .build/release/transhumance
PREFIX ?= /usr/local
MINUTES ?= 10

.PHONY: help build test demo measure fuzz format install clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18

build: ## install what is missing and build .build/release/transhumance
	@Scripts/install-packages zlib1g-dev
	swift build $(SWIFT_FLAGS) --product transhumance

test: ## build, then run all tests
	@Scripts/install-packages zlib1g-dev python3
	Scripts/test

demo: build ## from a capture to a plan, told step by step
	@Scripts/demo

measure: build ## the figures of docs/measurements.md; MINUTES bounds each long one
	@MINUTES=$(MINUTES) Scripts/measure

fuzz: ## every fuzzer for MINUTES minutes
	@MINUTES=$(MINUTES) Scripts/fuzz

format: ## format the sources in place
	swift format --in-place --recursive --parallel Package.swift Sources Tests \
	  Benchmarks/Package.swift Benchmarks/Sources Fuzzing/Package.swift Fuzzing/Sources

install: build ## install the command, its completions and its man pages below PREFIX
	@Scripts/install $(TRANSHUMANCE) $(DESTDIR)$(PREFIX)

clean: ## remove what was built
	rm -rf .build .build-* .demo
