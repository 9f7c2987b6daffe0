# core.mk: unit tests and fuzz programs of the plain core, with sanitizers.
#
# Run in the folder to build in; needs a C compiler and PostgreSQL's headers
# and common library.

top := $(dir $(firstword $(MAKEFILE_LIST)))..

ifndef PG_CONFIG
PG_CONFIG := $(shell $(top)/test/setup --pg-config)
endif

CC = gcc
SANITIZE = -fsanitize=address,undefined -fno-sanitize-recover=undefined
CFLAGS = -std=gnu11 -g -O1 -fno-omit-frame-pointer -Wall -Wextra \
	-Wno-unused-parameter -Wno-missing-field-initializers -Wno-sign-compare \
	-I$(top)/src -I$(top)/test/unit \
	-isystem $(shell $(PG_CONFIG) --includedir-server)
LIBS = -L$(shell $(PG_CONFIG) --pkglibdir) -L$(shell $(PG_CONFIG) --libdir) \
	-lpgcommon -lpgport -lm
COMPILE = $(CC) $(CFLAGS) $(SANITIZE) -MMD -MP -c -o $@ $<
FUZZ_MAIN = fuzz/driver.o
FUZZ_LINK = $(SANITIZE)

CORE := $(patsubst $(top)/%.c,%.o,$(wildcard $(top)/src/core/*.c))
UNIT := $(patsubst $(top)/test/%.c,%,$(wildcard $(top)/test/unit/*_test.c))
FUZZ := $(patsubst $(top)/test/%.c,%,$(wildcard $(top)/test/fuzz/*_fuzz.c))

all: $(UNIT) $(FUZZ)
list-unit:
	@echo $(UNIT)
list-fuzz:
	@echo $(FUZZ)
.PHONY: all list-unit list-fuzz

$(UNIT): %: %.o unit/host.o $(CORE)
	$(CC) $(SANITIZE) -o $@ $^ $(LIBS)
$(FUZZ): %: %.o $(FUZZ_MAIN) unit/host.o $(CORE)
	$(CC) $(FUZZ_LINK) -o $@ $^ $(LIBS)

$(CORE): %.o: $(top)/%.c
	@mkdir -p $(@D)
	$(COMPILE)
$(UNIT:%=%.o) $(FUZZ:%=%.o) unit/host.o fuzz/driver.o: %.o: $(top)/test/%.c
	@mkdir -p $(@D)
	$(COMPILE)

-include $(wildcard src/core/*.d unit/*.d fuzz/*.d)
