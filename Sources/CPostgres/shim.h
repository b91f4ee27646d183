#pragma once
#include <libpq-fe.h>
#include <stddef.h>
#include <stdlib.h>

// libpq takes its settings as two lists of C strings. What the address says overrides what stands before it, and is
// overridden by what stands after; `connect_timeout` is that of each server where it names several.

static const char *const transhumance_keys[] = {
    "fallback_application_name", "connect_timeout", "dbname", "client_encoding", NULL};

#define TRANSHUMANCE_VALUES(address) \
  {"transhumance", getenv("PGCONNECT_TIMEOUT") ? getenv("PGCONNECT_TIMEOUT") : "5", address, "UTF8", NULL}

static inline PGconn *transhumance_connect(const char *address) {
  const char *const values[] = TRANSHUMANCE_VALUES(address);
  return PQconnectdbParams(transhumance_keys, values, 1);
}

static inline PGPing transhumance_ping(const char *address) {
  const char *const values[] = TRANSHUMANCE_VALUES(address);
  return PQpingParams(transhumance_keys, values, 1);
}
