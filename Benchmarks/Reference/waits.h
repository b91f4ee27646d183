/* What the C references share: tables, and what waits are derived from at one end of a pair, by the definitions of docs/waits.md. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { SENDS_PER_WINDOW = 64, CONNECTIONS = 4, PHASES = 64, FULL = 536 };
static const int64_t MESSAGE_PAUSE = 300000, TRANSFER_PAUSE = 100000, SILENCE = 1000000000;

struct waits {
  uint64_t rounds, windows;
  int64_t lag;
  uint64_t turns, matched, runs, shares;
};

enum progress { NONE, OPEN, ENDED };
enum way { OUT, BACK, NO_WAY };

/* One way, as seen at one end. */
struct flow {
  int64_t latest, message_end;
  uint32_t largest;
  uint8_t message, transfer;
};

/* One end of a pair. */
struct end {
  struct waits waits;
  struct flow flow[2];
  uint32_t machine, held[2], heard_phase;
  uint8_t held_count, transfer_way, length, latest_way, sends, receipts;
  int8_t least_lag;
  bool transfer_fresh, message_fresh;
};

struct machine {
  uint64_t high, low;
  bool v6;
  uint32_t phase;
  uint16_t heard[PHASES];
};

struct connections {
  uint32_t ports[CONNECTIONS], next[2][CONNECTIONS];
  uint8_t known, latest, oldest;
};

/* An open-addressing table of hash and index plus one, at most half full. */
struct table {
  uint64_t *slots;
  size_t mask, used;
};

static struct machine *machines;
static uint64_t seed[2];

static void *grown(void *old, size_t size) {
  void *memory = realloc(old, size);
  if (!memory) exit(1);
  return memory;
}

static void table_init(struct table *table) {
  table->mask = 1023;
  table->used = 0;
  table->slots = calloc(1024, sizeof *table->slots);
  if (!table->slots) exit(1);
}

static void table_grow(struct table *table) {
  size_t mask = table->mask * 2 + 1;
  uint64_t *slots = calloc(mask + 1, sizeof *slots);
  if (!slots) exit(1);
  for (size_t i = 0; i <= table->mask; i++) {
    if (!table->slots[i]) continue;
    size_t at = (table->slots[i] >> 32) & mask;
    while (slots[at]) at = (at + 1) & mask;
    slots[at] = table->slots[i];
  }
  free(table->slots);
  table->slots = slots;
  table->mask = mask;
}

static inline void table_enter(struct table *table, size_t at, uint32_t hash, size_t index) {
  table->slots[at] = (uint64_t)hash << 32 | (index + 1);
  if (++table->used * 2 > table->mask + 1) table_grow(table);
}

static inline uint64_t mix(uint64_t a, uint64_t b) {
  unsigned __int128 product = (unsigned __int128)a * b;
  return (uint64_t)(product >> 64) ^ (uint64_t)product;
}

static void close_window(struct end *end) {
  if (end->sends) {
    end->waits.windows++;
    end->waits.lag += end->least_lag < -1 ? -1 : end->least_lag > 1 ? 1 : end->least_lag;
  }
  end->sends = end->receipts = 0;
  end->least_lag = INT8_MAX;
}

static inline void complete(struct end *end, struct machine *machine) {
  end->transfer_fresh = true;
  if (end->held_count < 2) end->held[end->held_count++] = machine->phase;
  if (end->heard_phase != machine->phase) {
    end->heard_phase = machine->phase;
    uint16_t *heard = &machine->heard[machine->phase % PHASES];
    *heard += *heard < UINT16_MAX;
  }
}

static inline void take(struct end *end, enum way way, int64_t time, uint32_t bytes, bool push) {
  struct machine *machine = &machines[end->machine];
  struct flow *flow = &end->flow[way];
  bool next = end->latest_way == way;
  if (end->latest_way != NO_WAY) {
    int64_t silence = time - end->flow[end->latest_way].latest;
    if (silence < 0 || silence > SILENCE) close_window(end);
  }
  end->latest_way = way;

  bool completes = push || bytes < flow->largest;
  bool continues = flow->message == OPEN || (flow->message == ENDED && next && time - flow->message_end <= MESSAGE_PAUSE);
  bool again = continues && flow->message == ENDED;
  if (completes) flow->message_end = time;
  flow->message = completes || again ? ENDED : OPEN;
  if (way == OUT && !continues) {
    end->waits.rounds += end->message_fresh;
    end->message_fresh = false;
    int lag = end->receipts - end->sends;
    if (lag < end->least_lag) end->least_lag = lag;
    if (++end->sends == SENDS_PER_WINDOW) close_window(end);
  }
  if (way == BACK && completes && !again) {
    end->message_fresh = true;
    if (end->receipts < 127) end->receipts++;
  }

  int64_t gap = time - flow->latest;
  bool open = flow->transfer == OPEN;
  bool starts = open ? gap > SILENCE : !(flow->transfer == ENDED && next && gap <= TRANSFER_PAUSE);
  bool full = !starts && bytes >= FULL && bytes >= flow->largest;
  bool ends = push && !full;
  if (ends)
    flow->transfer = ENDED;
  else if (starts)
    flow->transfer = OPEN;
  if (bytes > flow->largest) flow->largest = bytes;
  flow->latest = time;

  if (starts) {
    struct flow *back = &end->flow[BACK];
    if (way == BACK && open) complete(end, machine);
    if (way == OUT && back->transfer == OPEN && time - back->latest > SILENCE) {
      back->transfer = ENDED;
      complete(end, machine);
    }
    if (end->transfer_way != way) {
      end->transfer_way = way;
      end->length = 0;
    }
    if (end->length < 3 && ++end->length == 3) end->waits.runs++;
    if (way == OUT) {
      if (machine->heard[machine->phase % PHASES]) machine->heard[++machine->phase % PHASES] = 0;
      end->waits.turns += end->transfer_fresh;
      end->transfer_fresh = false;
      if (end->held_count) {
        uint32_t phase = end->held[0];
        unsigned peers = machine->phase - phase < PHASES ? machine->heard[phase % PHASES] : 1;
        end->held[0] = end->held[1];
        end->held_count--;
        end->waits.matched++;
        end->waits.shares += peers <= 2 ? 1000 : 2000 / peers;
      }
    }
  }
  if (way == BACK && ends && (open || starts)) complete(end, machine);
}

static inline bool is_new(struct connections *c, int sender, uint32_t ports, uint32_t sequence, uint32_t bytes, bool syn) {
  if (!bytes && !syn) return false;
  uint32_t key = sender == 0 ? ports : ports << 16 | ports >> 16;
  unsigned slot = c->latest;
  if (c->ports[slot] != key) {
    for (slot = 0; slot < CONNECTIONS; slot++)
      if (c->ports[slot] == key && c->known >> 2 * slot & 3) break;
    if (slot == CONNECTIONS) {
      slot = c->oldest;
      c->oldest = (c->oldest + 1) % CONNECTIONS;
      c->ports[slot] = key;
      c->known &= ~(3u << 2 * slot);
    }
    c->latest = slot;
  }
  uint8_t bit = (1u << sender) << 2 * slot;
  if (syn) c->known &= ~bit;
  uint32_t end = sequence + syn + bytes;
  if (c->known & bit && (int32_t)(end - c->next[sender][slot]) <= 0) return false;
  c->known |= bit;
  c->next[sender][slot] = end;
  return bytes > 0;
}

static inline uint16_t be16(const uint8_t *p) {
  uint16_t v;
  memcpy(&v, p, sizeof v);
  return __builtin_bswap16(v);
}
static inline uint32_t be32(const uint8_t *p) {
  uint32_t v;
  memcpy(&v, p, sizeof v);
  return __builtin_bswap32(v);
}
static inline uint64_t be64(const uint8_t *p) {
  uint64_t v;
  memcpy(&v, p, sizeof v);
  return __builtin_bswap64(v);
}
