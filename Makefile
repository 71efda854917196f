# fihris: one Makefile for the whole tree. `make help` lists what it can do.
#
# Sources are found by folder: a file FOO_main.c becomes the program build/bin/fihris-FOO, all other
# sources become libraries. `make B=folder` builds elsewhere. CC, CXX, CFLAGS, CXXFLAGS, LDFLAGS,
# PREFIX and DESTDIR are yours; what the code itself needs is kept apart below.

VERSION := 0.1.0

B        ?= build
CFLAGS   ?= -O2 -g
CXXFLAGS ?= -O2 -g
PREFIX   ?= /usr/local

# ---- What the code needs ----

# The libraries of libfihris, those with which the indexer alone reads its inputs, and the service's.
LIBRARIES := xapian-core jansson libxxhash libutf8proc fribidi zlib
READERS   := libxml-2.0 uchardet libarchive
SERVICE   := libmicrohttpd
PACKAGES  := $(LIBRARIES) $(READERS) $(SERVICE)

WARNINGS := -Wall -Wextra -Wshadow -Wconversion -Wvla
COMMON   := -I. -MMD -MP -fPIC -fvisibility=hidden -pthread -DFH_VERSION='"$(VERSION)"' $(WARNINGS)
C_OWN     = -std=c17 -D_GNU_SOURCE -Wmissing-prototypes $(COMMON) $(PACKAGE_CFLAGS)
CXX_OWN   = -std=c++17 $(COMMON) $(PACKAGE_CFLAGS)
LIBS      = -Wl,--as-needed $(PACKAGE_LIBS) -lstemmer -pthread

# pkg-config is asked once, and only when something is compiled: `make deps` comes before it is there.
package = $(if $(shell pkg-config --exists $(PACKAGES) && echo found),$(shell pkg-config $1 $(PACKAGES)),\
	$(error libraries are missing: run "make deps"))
PACKAGE_CFLAGS = $(eval PACKAGE_CFLAGS := $(call package,--cflags))$(PACKAGE_CFLAGS)
PACKAGE_LIBS   = $(eval PACKAGE_LIBS := $(call package,--libs))$(PACKAGE_LIBS)

# ---- What there is ----

SOURCES := $(sort $(foreach d,base stemmers engines engines/* indexer searcher searcher/*,$(wildcard $d/*.c $d/*.cc)))
MAINS   := $(filter %_main.c,$(SOURCES))
PARTS   := $(filter-out %_main.c,$(SOURCES))
UNITS   := $(sort $(wildcard tests/unit/test_*.c))
BENCHES := $(sort $(wildcard tests/bench/*.c))
FUZZERS := $(sort $(wildcard tests/fuzz/fuzz_*.c))
FAULTS  := $(filter-out tests/fault/fault_calls.c,$(sort $(wildcard tests/fault/*.c)))
MANUALS := $(sort $(wildcard man/*.[1-9]))

object   = $(patsubst %,$(B)/obj/%.o,$(basename $1))
program  = $(patsubst %_main.c,$(B)/bin/fihris-%,$(notdir $1))
OBJECTS := $(call object,$(PARTS))
LIBRARY := $(call object,$(filter-out indexer/% searcher/serve/%,$(PARTS)))

PROGRAMS       := $(call program,$(MAINS))
UNIT_PROGRAMS  := $(patsubst tests/unit/%.c,$(B)/unit/%,$(UNITS))
BENCH_PROGRAMS := $(patsubst tests/bench/%.c,$(B)/bench/%,$(BENCHES))
FAULT_PROGRAMS := $(patsubst tests/fault/%.c,$(B)/fault/%,$(FAULTS)) $(B)/fault/fault_calls.so
FUZZ_PROGRAMS  := $(patsubst tests/fuzz/%.c,$(B)/fuzz/%,$(FUZZERS))
EVERYTHING     := $(B)/libeverything.a
LIB            := $(B)/lib
SONAME         := libfihris.so.0

# ---- Build ----

.PHONY: all
all: programs library ## build the programs and the library (the default)

.PHONY: programs
programs: $(PROGRAMS)

.PHONY: library
library: $(LIB)/libfihris.so $(LIB)/libfihris.a $(LIB)/fihris.pc

$(B)/obj/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(C_OWN) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

$(B)/obj/%.o: %.cc Makefile
	@mkdir -p $(@D)
	$(CXX) $(CXX_OWN) $(CPPFLAGS) $(CXXFLAGS) -c -o $@ $<

# The word frequencies are built in. What made them is in LICENSES-data.md.
$(B)/obj/stemmers/frequency.o: stemmers/frequency.bin

# The page's style and script are part of the program.
$(B)/obj/searcher/serve/page_handlers.o: searcher/serve/page.css searcher/serve/page.js

# All parts in one archive: the programs and the tests take from it what they use.
$(EVERYTHING): $(OBJECTS)
	@rm -f $@
	$(AR) rcs $@ $(OBJECTS)

# Xapian is C++, so the C++ compiler links.
define link
	@mkdir -p $(@D)
	$(CXX) $(CXXFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(EVERYTHING) $(LIBS)
endef

$(foreach m,$(MAINS),$(eval $(call program,$m): $(call object,$m)))
$(PROGRAMS): $(EVERYTHING)
	$(link)

$(B)/unit/%: $(B)/obj/tests/unit/%.o $(EVERYTHING)
	$(link) -lcmocka

$(B)/bench/%: $(B)/obj/tests/bench/%.o $(EVERYTHING)
	$(link)

$(B)/fault/%: $(B)/obj/tests/fault/%.o $(EVERYTHING)
	$(link)

$(B)/fault/fault_calls.so: $(B)/obj/tests/fault/fault_calls.o
	@mkdir -p $(@D)
	$(CC) -shared $(CFLAGS) $(LDFLAGS) -o $@ $<

$(B)/fuzz/%: $(B)/obj/tests/fuzz/%.o $(EVERYTHING)
	$(link) -fsanitize=fuzzer

# The names that the library shows: ours. What C++ instantiates on the way stays inside.
$(LIB)/libfihris.map:
	@mkdir -p $(@D)
	echo '{ global: fh_*; local: *; };' >$@

$(LIB)/$(SONAME): $(LIBRARY) $(LIB)/libfihris.map
	$(CXX) -shared -Wl,-soname,$(SONAME) -Wl,--no-undefined -Wl,--version-script=$(LIB)/libfihris.map \
		$(CXXFLAGS) $(LDFLAGS) -o $@ $(LIBRARY) $(LIBS)

$(LIB)/libfihris.so: $(LIB)/$(SONAME)
	ln -sf $(SONAME) $@

$(LIB)/libfihris.a: $(LIBRARY)
	@mkdir -p $(@D)
	@rm -f $@
	$(AR) rcs $@ $(LIBRARY)

$(LIB)/fihris.pc: Makefile
	@mkdir -p $(@D)
	printf '%s\n' 'prefix=$(PREFIX)' 'Name: fihris' 'Description: full-text search for Arabic' \
		'Version: $(VERSION)' 'Cflags: -I$${prefix}/include/fihris' 'Libs: -L$${prefix}/lib -lfihris' \
		'Libs.private: $(shell pkg-config --libs $(LIBRARIES)) -lstemmer -lstdc++ -pthread' >$@

# ---- Try it ----

.PHONY: deps
deps: ## install the Debian packages that building needs
	@./setup.sh build

.PHONY: demo
demo: deps ## install what building needs, build, index the sample articles, search them
	@echo 'building in $(B)'
	@$(MAKE) --no-print-directory -s all
	$(B)/bin/fihris-index -o $(B)/demo.index corpus/sample
	$(B)/bin/fihris-search -n 3 $(B)/demo.index 'الوزارة'
	$(B)/bin/fihris-search -n 3 $(B)/demo.index '"رخص البناء"'

# ---- Check it ----

.PHONY: check
check: ## install what testing needs, build, run all tests
	@./setup.sh build test
	@echo 'building in $(B)'
	@$(MAKE) --no-print-directory -s all units benches faults
	@tests/run $(B) tests/layers.sh tests/symbols.sh $(UNIT_PROGRAMS) tests/cli $(FAULT_TESTS)

.PHONY: units
units: $(UNIT_PROGRAMS)

.PHONY: check-unit
check-unit: units ## run the unit tests
	@tests/run $(B) $(UNIT_PROGRAMS)

.PHONY: check-cli
check-cli: programs benches ## run the end-to-end tests
	@tests/run $(B) tests/cli

.PHONY: check-both
check-both: programs units benches faults
	@tests/run $(B) $(UNIT_PROGRAMS) tests/cli $(FAULT_TESTS)

.PHONY: web
web: ## the tests through real clients: a browser and an agent's library, from npm into build/web
	@./setup.sh build
	@./setup.sh web || echo 'what that is missing for is skipped'
	@$(MAKE) --no-print-directory -s programs
	@tests/run $(B) tests/web

SANITIZE := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined

.PHONY: check-asan
check-asan: ## run the same tests with the address and undefined-behaviour sanitizers, in build/asan
	@./setup.sh build test
	@echo 'building in $(B)/asan'
	@$(MAKE) --no-print-directory -s B=$(B)/asan CFLAGS='$(SANITIZE)' CXXFLAGS='$(SANITIZE)' check-both

# What the tests of faults take a sample of in `make check`. FAULT_ENGINES="native" names those to try.
FAULT_TESTS := $(addprefix tests/fault/,crash_points.py full_disk.py kills.py flips.py readers.py updates.py)

.PHONY: faults
faults: $(FAULT_PROGRAMS)

.PHONY: fault
fault: ## let every call fail, every byte flip, 200 processes die by kill -9: about an hour
	@$(MAKE) --no-print-directory -s all benches faults
	@FAULT_ALL=1 FIHRIS_TEST_SECONDS=14400 tests/run $(B) $(filter-out %/readers.py,$(FAULT_TESTS))

# On a machine that does nothing else; needs the package wrk.
.PHONY: bench-serve
bench-serve: programs ## requests a second, latency and memory of the service: INDEX=news.index QUERIES=queries.tsv
	@test -n '$(INDEX)' -a -n '$(QUERIES)' || { echo 'make bench-serve: say INDEX=... QUERIES=...'; exit 2; }
	@mkdir -p $(B)/bench && tests/serving/serve_bench.py $(B)/bin $(B)/bench '$(INDEX)' '$(QUERIES)' $(BENCH_SECONDS)

# With the fonts of the Debian package fonts-noto-core they look as those that are there.
.PHONY: pictures
pictures: programs ## take the pictures of the README anew: the page, and a search in a terminal
	@./setup.sh web
	@tests/web/install '$(abspath $(B))'
	@mkdir -p docs $(B)/pictures
	@CHROMIUM=$$(command -v chromium) node tests/web/pictures.mjs '$(abspath $(B))' '$(abspath $(B))/pictures' docs corpus/sample

SOAK_SECONDS ?= 60

.PHONY: soak-serve
soak-serve: programs ## the service for long: 1,000 workers killed, 100 index switches, 3,000 slow clients for a minute
	@SERVE_KILLS=1000 SERVE_SWITCHES=100 FIHRIS_TEST_SECONDS=1800 tests/run $(B) tests/cli/serve_crash.sh
	@SERVE_CLIENTS=3000 SERVE_SECONDS=60 tests/run $(B) tests/cli/serve_slow.sh

.PHONY: soak
soak: ## let 4 readers search beside a writing and merging indexer for SOAK_SECONDS (60)
	@$(MAKE) --no-print-directory -s all faults
	@SOAK_SECONDS=$(SOAK_SECONDS) FIHRIS_TEST_SECONDS=14400 tests/run $(B) tests/fault/readers.py

# A fuzz target keeps what it finds new in build/fuzz/NAME, and begins with that the next time.
FUZZ_SECONDS ?= 60
FUZZ_CLANG   := CC=clang CXX=clang++ CFLAGS='$(SANITIZE) -fsanitize=fuzzer-no-link' \
	CXXFLAGS='$(SANITIZE) -fsanitize=fuzzer-no-link'

.PHONY: fuzz
fuzz: ## feed each target of tests/fuzz with libFuzzer for FUZZ_SECONDS (60); needs the package clang
	@command -v clang >/dev/null || { echo 'make fuzz: clang is missing: apt-get install clang'; exit 2; }
	@$(MAKE) --no-print-directory -s B=$(B)/clang $(FUZZ_CLANG) fuzzers
	@for target in $(FUZZ_PROGRAMS); do \
		name=$${target##*/fuzz_}; echo "$$name: $(FUZZ_SECONDS) seconds"; mkdir -p $(B)/fuzz/$$name; \
		$(B)/clang/fuzz/fuzz_$$name -max_total_time=$(FUZZ_SECONDS) -artifact_prefix=$(B)/fuzz/ \
			$(B)/fuzz/$$name tests/fuzz/$$name >$(B)/fuzz/$$name.log 2>&1 || \
			{ tail -n 40 $(B)/fuzz/$$name.log; exit 1; }; \
	done

.PHONY: fuzzers
fuzzers: $(FUZZ_PROGRAMS)

.PHONY: benches
benches: $(BENCH_PROGRAMS)

# What is not said is taken from ../shared: CORPUS=articles.jsonl QUERIES=queries.tsv ENGINES="native"
# SIZES="10000 30000" (numbers of pages to grow over; may be empty). DOCS=1 refreshes docs/bench.
.PHONY: bench
bench: ## measure speed and size of all engines: tables and charts in build/bench (see HACKING.md)
	@$(MAKE) --no-print-directory -s all benches
	@tests/bench/bench.py '$(B)' $(if $(CORPUS),--corpus '$(CORPUS)') $(if $(QUERIES),--queries '$(QUERIES)') \
		$(if $(ENGINES),--engines '$(ENGINES)') $(if $(filter undefined,$(origin SIZES)),,--sizes '$(SIZES)') \
		$(if $(DOCS),--docs docs/bench)

# What may be said: ENGINE=native STEMMER=snowball, COLLECTIONS="qa_pool arcd" SETS="clean edit" (see
# tests/eval/judge.py), PEERS="lucene=/tmp/peers/lucene" (a copy that can be written), BASELINE=1 to keep the
# figures as those to compare with.
.PHONY: eval
eval: programs ## judge ranking, phrases and stemmers on the collections of ../shared, against tests/eval/baseline.tsv
	@tests/eval/stems.py --build $(B)
	@tests/eval/phrases.py --build $(B) $(if $(ENGINE),--engine $(ENGINE))
	@tests/eval/judge.py --build $(B) $(EVAL_OPTIONS) $(if $(STEMMER),--stemmer $(STEMMER)) \
		$(if $(SETS),--sets '$(SETS)') $(if $(PEERS),--peers '$(PEERS)') $(if $(BASELINE),--write-baseline)

EVAL_OPTIONS = $(if $(ENGINE),--engine $(ENGINE)) $(if $(COLLECTIONS),--collections '$(COLLECTIONS)')

# ar.dic is that of the Debian package hunspell-ar.
.PHONY: frequency
frequency: $(B)/bin/fihris-stem ## make the word frequencies of the stemmer anew, from ../shared and hunspell-ar
	stemmers/frequency.py --stem $(B)/bin/fihris-stem --dictionary $(DICTIONARY) --names $(NAMES) $(JOURNALS)

DICTIONARY ?= /usr/share/hunspell/ar.dic
JOURNALS   ?= ../shared/corpora/journals.jsonl.gz
NAMES      ?= ../shared/stems/google_ar2en_train.tsv

.PHONY: ablate
ablate: programs ## what each step of the chain gives and costs; VARIANTS=pattern for some of tests/eval/variants.tsv
	@tests/eval/ablate.py --build $(B) $(EVAL_OPTIONS) $(if $(VARIANTS),--variants '$(VARIANTS)')

.PHONY: lint
lint: ## check the form of sources, manual pages and scripts
	@./setup.sh build test
	@BUILD=$(B) tests/lint.sh

.PHONY: format
format: ## bring all sources into the form of .clang-format
	git ls-files -co --exclude-standard '*.c' '*.cc' '*.h' | xargs clang-format -i

# ---- Install it ----

INSTALLED := $(notdir $(PROGRAMS))

.PHONY: install
install: all ## install below PREFIX (/usr/local)
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib/pkgconfig
	install -m 755 $(PROGRAMS) $(DESTDIR)$(PREFIX)/bin
	install -m 755 $(LIB)/$(SONAME) $(DESTDIR)$(PREFIX)/lib
	ln -sf $(SONAME) $(DESTDIR)$(PREFIX)/lib/libfihris.so
	install -m 644 $(LIB)/libfihris.a $(DESTDIR)$(PREFIX)/lib
	sed 's|^prefix=.*|prefix=$(PREFIX)|' $(LIB)/fihris.pc >$(DESTDIR)$(PREFIX)/lib/pkgconfig/fihris.pc
	install -d $(DESTDIR)$(PREFIX)/include/fihris/base
	install -m 644 searcher/fihris.h $(DESTDIR)$(PREFIX)/include/fihris
	install -m 644 base/types.h base/status.h $(DESTDIR)$(PREFIX)/include/fihris/base
	for page in $(MANUALS); do \
		install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/man/man$${page##*.} $$page; done

.PHONY: uninstall
uninstall: ## remove what install put there
	cd $(DESTDIR)$(PREFIX) && rm -rf include/fihris lib/libfihris.a lib/libfihris.so lib/$(SONAME) \
		lib/pkgconfig/fihris.pc $(addprefix bin/,$(INSTALLED))
	for page in $(notdir $(MANUALS)); do rm -f $(DESTDIR)$(PREFIX)/share/man/man$${page##*.}/$$page; done

.PHONY: dist
dist: ## pack the committed source into build/fihris-VERSION.tar.gz
	@mkdir -p $(B)
	git archive --format=tar.gz --prefix=fihris-$(VERSION)/ -o $(B)/fihris-$(VERSION).tar.gz HEAD

.PHONY: clean
clean: ## remove the build folder
	rm -rf $(B)

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

.SECONDARY:
-include $(patsubst %,%.d,$(basename $(OBJECTS) $(call object,$(MAINS) $(UNITS) $(BENCHES) $(FAULTS) $(FUZZERS))))
