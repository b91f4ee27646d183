# Everything a user or a developer does with this repository. `make help` lists it.
SWIFT_FLAGS := -c release
TRANSHUMANCE := .build/release/transhumance
PREFIX ?= /usr/local
MINUTES ?= 10
BUILD_PACKAGES := zlib1g-dev libvirt-dev libpq-dev
LAB_PACKAGES := libvirt-daemon libvirt-daemon-driver-qemu libvirt-clients qemu-system-x86 busybox-static cpio iproute2 \
  ethtool kmod

.PHONY: help build test demo tour measure fuzz lab format install clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18

build: ## install what is missing and build .build/release/transhumance
	@Scripts/install-packages $(BUILD_PACKAGES)
	swift build $(SWIFT_FLAGS) --product transhumance
	@Scripts/build-guest

test: ## build, then run all tests
	@Scripts/install-packages $(BUILD_PACKAGES) $(LAB_PACKAGES) python3 tcpdump postgresql libxml2-utils \
	  python3-grpcio python3-protobuf protobuf-compiler
	Scripts/test

demo: build ## a scattered application is sensed and brought together, live; KEEP=1 leaves it up (root)
	@Scripts/install-packages $(LAB_PACKAGES) python3
	@python3 -B Demo/demo.py $(if $(KEEP),--keep)

tour: build ## from a capture to a plan, told step by step (no root)
	@Scripts/tour

measure: build ## the figures of docs/measurements.md; MINUTES bounds each long one
	@MINUTES=$(MINUTES) Scripts/measure

fuzz: ## every fuzzer for MINUTES minutes
	@MINUTES=$(MINUTES) Scripts/fuzz

lab: build ## what `transhumance lab` needs besides: QEMU, libvirt, busybox
	@Scripts/install-packages $(LAB_PACKAGES)

format: ## format the sources in place
	swift format --in-place --recursive --parallel Package.swift Sources Tests \
	  Benchmarks/Package.swift Benchmarks/Sources Benchmarks/EmulatedHosts Fuzzing/Package.swift Fuzzing/Sources \
	  Guest/Package.swift Guest/Sources Guest/Tests

install: build ## install the command, its completions and its man pages below PREFIX
	@Scripts/install $(TRANSHUMANCE) $(DESTDIR)$(PREFIX)

clean: ## remove what was built
	rm -rf .build .build-* .demo Guest/.build
