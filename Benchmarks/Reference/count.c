/* The counting of a capture as a C programmer would write it, to measure ours against: packets, frame bytes, IP bytes, rounds, windows and
 * lag per ordered pair, by the definitions of docs/waits.md.
 *
 * Reads pcap (both byte orders, micro- and nanoseconds) with Ethernet, VLAN tags, IPv4 and IPv6; keeps counts per period of 30 s. Rows on
 * standard output, packets and seconds on standard error. Build: cc -O2 -o count count.c
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { WINDOW_BYTES = 1 << 20, RECORD_LIMIT = 262144, SENDS_PER_WINDOW = 64, DUE = 4, CONNECTIONS = 4 };
static const int64_t HOP = 50000, PAUSE = 300000, SILENCE = 1000000000, PERIOD = 30000000000;

struct counts {
  uint64_t packets, frame_bytes, ip_bytes, rounds, windows;
  int64_t lag;
};

struct stream {
  int64_t completed_at;
  uint32_t largest;
  bool open, interrupted, was_complete;
};

struct end {
  uint32_t due[DUE];
  uint8_t due_count, sends, receipts;
  int8_t least;
  bool fresh;
};

struct connections {
  uint32_t ports[CONNECTIONS], next[2][CONNECTIONS];
  uint8_t known, latest, oldest;
};

struct key {
  uint64_t first_high, first_low, second_high, second_low;
  bool v6;
};

struct pair {
  struct key key;
  int64_t period;
  struct counts counts[2]; /* first to second, second to first */
  struct stream stream[2]; /* by sender */
  struct end end[2];
  struct connections connections;
  int64_t latest;
};

struct settled {
  uint32_t pair;
  int64_t period;
  struct counts counts[2];
};

/* An open-addressing table of hash and index plus one, at most half full. */
struct table {
  uint64_t *slots;
  size_t mask, used;
};

static struct table pair_table, settled_table;
static struct pair *pairs;
static size_t pair_count, pair_room;
static struct settled *settled;
static size_t settled_count, settled_room;
static int64_t current_period, current_first = INT64_MAX, current_last = INT64_MIN;
static uint64_t packets;

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

static uint64_t seed[2];

static inline uint32_t key_hash(const struct key *key) {
  uint64_t hash = mix(key->first_low ^ seed[0], key->second_low ^ seed[1]);
  if (key->v6) hash = mix(key->first_high ^ hash, key->second_high ^ seed[0]);
  return (uint32_t)(hash ^ hash >> 32);
}

static inline bool key_equal(const struct key *a, const struct key *b) {
  return a->first_low == b->first_low && a->second_low == b->second_low && a->first_high == b->first_high &&
         a->second_high == b->second_high && a->v6 == b->v6;
}

static inline struct pair *find_pair(const struct key *key) {
  uint32_t hash = key_hash(key);
  size_t at = hash & pair_table.mask;
  uint64_t slot;
  for (; (slot = pair_table.slots[at]); at = (at + 1) & pair_table.mask) {
    if (slot >> 32 != hash) continue;
    struct pair *pair = &pairs[(uint32_t)slot - 1];
    if (key_equal(&pair->key, key)) return pair;
  }
  if (pair_count == pair_room) pairs = grown(pairs, (pair_room = pair_room ? pair_room * 2 : 64) * sizeof *pairs);
  struct pair *pair = &pairs[pair_count];
  memset(pair, 0, sizeof *pair);
  pair->key = *key;
  pair->period = current_period;
  pair->latest = INT64_MIN;
  for (int side = 0; side < 2; side++) {
    pair->stream[side].interrupted = true;
    pair->end[side].least = INT8_MAX;
  }
  table_enter(&pair_table, at, hash, pair_count++);
  return pair;
}

static void settle(struct pair *pair) {
  uint32_t index = (uint32_t)(pair - pairs);
  uint64_t mixed = mix((uint64_t)pair->period ^ seed[0], (uint64_t)index << 32 ^ seed[0]);
  uint32_t hash = (uint32_t)(mixed ^ mixed >> 32);
  size_t at = hash & settled_table.mask;
  uint64_t slot;
  struct settled *entry = NULL;
  for (; (slot = settled_table.slots[at]); at = (at + 1) & settled_table.mask) {
    struct settled *other = &settled[(uint32_t)slot - 1];
    if (slot >> 32 == hash && other->pair == index && other->period == pair->period) {
      entry = other;
      break;
    }
  }
  if (!entry) {
    if (settled_count == settled_room)
      settled = grown(settled, (settled_room = settled_room ? settled_room * 2 : 64) * sizeof *settled);
    entry = &settled[settled_count];
    memset(entry, 0, sizeof *entry);
    entry->pair = index;
    entry->period = pair->period;
    table_enter(&settled_table, at, hash, settled_count++);
  }
  for (int way = 0; way < 2; way++) {
    struct counts *to = &entry->counts[way], *from = &pair->counts[way];
    to->packets += from->packets;
    to->frame_bytes += from->frame_bytes;
    to->ip_bytes += from->ip_bytes;
    to->rounds += from->rounds;
    to->windows += from->windows;
    to->lag += from->lag;
  }
  memset(pair->counts, 0, sizeof pair->counts);
  pair->period = current_period;
}

/* Waits */

static inline void receive(struct end *end) {
  memmove(end->due, end->due + 1, (DUE - 1) * sizeof end->due[0]);
  end->due_count--;
  end->fresh = true;
  if (end->receipts < 127) end->receipts++;
}

static inline void arrive(struct end *end, int64_t time) {
  while (end->due_count && (int32_t)((uint32_t)time - end->due[0]) >= 0) receive(end);
}

static void end_window(struct end *end, struct counts *counts) {
  counts->windows++;
  counts->lag += end->least < -1 ? -1 : end->least > 1 ? 1 : end->least;
  end->least = INT8_MAX;
  end->sends = end->receipts = 0;
}

static void close_end(struct end *end, struct counts *counts) {
  while (end->due_count) receive(end);
  if (end->sends) end_window(end, counts);
  end->receipts = 0;
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

/* A message of the sender's belongs to the sender's end where it starts, to the other where it completes; a row ends where it is counted. */
static inline void follow(struct pair *pair, int sender, int64_t time, uint32_t bytes, bool completes) {
  int other = !sender;
  if (time < pair->latest || time - pair->latest > SILENCE || pair->latest == INT64_MIN) {
    close_end(&pair->end[0], &pair->counts[1]);
    close_end(&pair->end[1], &pair->counts[0]);
  }
  pair->latest = time;
  arrive(&pair->end[0], time);
  arrive(&pair->end[1], time);

  struct stream *stream = &pair->stream[sender];
  bool continues = stream->open || (!stream->interrupted && time - stream->completed_at <= PAUSE);
  if (!continues) stream->was_complete = false;
  bool complete = completes || bytes < stream->largest;
  if (bytes > stream->largest) stream->largest = bytes;
  stream->open = !complete;
  pair->stream[other].interrupted = true;
  if (!continues) {
    struct end *end = &pair->end[sender];
    struct counts *counts = &pair->counts[other];
    counts->rounds += end->fresh;
    end->fresh = false;
    int lag = end->receipts - end->sends;
    if (lag < end->least) end->least = lag;
    if (++end->sends == SENDS_PER_WINDOW) end_window(end, counts);
  }
  if (complete) {
    stream->completed_at = time;
    stream->interrupted = false;
    if (!stream->was_complete) {
      struct end *end = &pair->end[other];
      if (end->due_count == DUE) receive(end);
      end->due[end->due_count++] = (uint32_t)(time + HOP);
      stream->was_complete = true;
    }
  }
}

/* Packets */

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

static void count(const uint8_t *frame, size_t captured, uint32_t original, int64_t time) {
  packets++;
  if (time < current_first || time > current_last) {
    current_period = time / PERIOD - (time % PERIOD < 0);
    current_first = current_period * PERIOD;
    current_last = current_first + PERIOD - 1;
  }
  if (captured < 14) return;
  bool group = frame[0] & 1;
  const uint8_t *ip = frame + 14, *end = frame + captured;
  uint16_t type = be16(frame + 12);
  while (type == 0x8100 || type == 0x88a8 || type == 0x9100) {
    if (end - ip < 4) return;
    type = be16(ip + 2);
    ip += 4;
  }
  uint64_t source_high = 0, source_low, destination_high = 0, destination_low, bytes;
  const uint8_t *transport;
  uint8_t protocol;
  bool later = false, v6 = type == 0x86dd;
  if (type == 0x0800) {
    if (end - ip < 20 || ip[0] >> 4 != 4 || (ip[0] & 15) < 5) return;
    bytes = be16(ip + 2);
    if (!bytes) bytes = original - (ip - frame);
    later = be16(ip + 6) & 0x1fff;
    protocol = ip[9];
    source_low = be32(ip + 12);
    destination_low = be32(ip + 16);
    transport = ip + (ip[0] & 15) * 4;
    group |= destination_low >> 28 == 14 || destination_low == UINT32_MAX;
  } else if (v6) {
    if (end - ip < 40 || ip[0] >> 4 != 6) return;
    bytes = be16(ip + 4) + 40;
    protocol = ip[6];
    source_high = be64(ip + 8);
    source_low = be64(ip + 16);
    destination_high = be64(ip + 24);
    destination_low = be64(ip + 32);
    group |= destination_high >> 56 == 0xff;
    transport = ip + 40;
    while ((protocol == 0 || protocol == 43 || protocol == 44 || protocol == 60) && end - transport >= 8 && !later) {
      later = protocol == 44 && be16(transport + 2) & 0xfff8;
      unsigned length = protocol == 44 ? 8 : transport[1] * 8 + 8;
      protocol = transport[0];
      transport += length;
    }
  } else {
    return;
  }

  bool forward = source_high != destination_high ? source_high < destination_high : source_low <= destination_low;
  struct key key = forward ? (struct key){source_high, source_low, destination_high, destination_low, v6}
                           : (struct key){destination_high, destination_low, source_high, source_low, v6};
  struct pair *pair = find_pair(&key);
  if (pair->period != current_period) settle(pair);
  struct counts *counts = &pair->counts[!forward];
  counts->packets++;
  counts->frame_bytes += original;
  counts->ip_bytes += bytes;

  if (group || later || (source_low == destination_low && source_high == destination_high)) return;
  if (protocol == 6 && end - transport >= 14 && transport[12] >> 4 >= 5) {
    int64_t payload = (int64_t)bytes - (transport - ip) - (transport[12] >> 4) * 4;
    uint8_t flags = transport[13];
    if (is_new(&pair->connections, !forward, be32(transport), be32(transport + 4), payload > 0 ? payload : 0, flags & 2))
      follow(pair, !forward, time, payload, flags & 8);
  } else {
    follow(pair, !forward, time, 0, true);
  }
}

static uint8_t window[WINDOW_BYTES];

static void read_capture(int file) {
  size_t start = 0, filled = 0;
  ssize_t n;
  bool swapped = false, first = true;
  int64_t tick = 1000;
  while ((n = read(file, window + filled, sizeof window - filled)) > 0) {
    filled += n;
    if (first) {
      if (filled < 24) continue;
      uint32_t magic;
      memcpy(&magic, window, 4);
      swapped = magic == 0xd4c3b2a1 || magic == 0x4d3cb2a1;
      if (magic == 0xa1b23c4d || magic == 0x4d3cb2a1) tick = 1;
      first = false;
      start = 24;
    }
    while (filled - start >= 16) {
      uint32_t header[4];
      memcpy(header, window + start, sizeof header);
      if (swapped)
        for (int i = 0; i < 4; i++) header[i] = __builtin_bswap32(header[i]);
      if (header[2] > RECORD_LIMIT) {
        fprintf(stderr, "a record of %" PRIu32 " bytes\n", header[2]);
        exit(1);
      }
      if (filled - start - 16 < header[2]) break;
      count(window + start + 16, header[2], header[3], header[0] * INT64_C(1000000000) + header[1] * tick);
      start += 16 + header[2];
    }
    memmove(window, window + start, filled - start);
    filled -= start;
    start = 0;
  }
}

/* Rows */

struct row {
  uint64_t source_high, source_low, destination_high, destination_low;
  bool v6;
  struct counts counts;
};

static int compare(const void *a, const void *b) {
  const struct row *l = a, *r = b;
#define BY(field) \
  if (l->field != r->field) return l->field < r->field ? -1 : 1
  BY(v6);
  BY(source_high);
  BY(source_low);
  BY(destination_high);
  BY(destination_low);
  return 0;
}

static void print_address(uint64_t high, uint64_t low, bool v6) {
  if (!v6)
    printf("%u.%u.%u.%u,", (unsigned)(low >> 24), (unsigned)(low >> 16 & 255), (unsigned)(low >> 8 & 255),
           (unsigned)(low & 255));
  else
    printf("%016" PRIx64 "%016" PRIx64 ",", high, low);
}

int main(int argc, char **argv) {
  struct timespec begin, done;
  clock_gettime(CLOCK_MONOTONIC, &begin);
  int file = argc > 1 ? open(argv[1], O_RDONLY) : 0;
  if (file < 0) return 1;
  int random = open("/dev/urandom", O_RDONLY);
  if (random < 0 || read(random, seed, sizeof seed) != sizeof seed) return 1;
  table_init(&pair_table);
  table_init(&settled_table);
  read_capture(file);

  for (size_t i = 0; i < pair_count; i++) {
    close_end(&pairs[i].end[0], &pairs[i].counts[1]);
    close_end(&pairs[i].end[1], &pairs[i].counts[0]);
    settle(&pairs[i]);
  }
  struct row *rows = calloc(pair_count * 2 + 1, sizeof *rows);
  if (!rows) return 1;
  for (size_t i = 0; i < pair_count; i++) {
    const struct key *k = &pairs[i].key;
    rows[2 * i] = (struct row){k->first_high, k->first_low, k->second_high, k->second_low, k->v6, {0}};
    rows[2 * i + 1] = (struct row){k->second_high, k->second_low, k->first_high, k->first_low, k->v6, {0}};
  }
  for (size_t i = 0; i < settled_count; i++)
    for (int way = 0; way < 2; way++) {
      struct counts *to = &rows[2 * settled[i].pair + way].counts, *from = &settled[i].counts[way];
      to->packets += from->packets;
      to->frame_bytes += from->frame_bytes;
      to->ip_bytes += from->ip_bytes;
      to->rounds += from->rounds;
      to->windows += from->windows;
      to->lag += from->lag;
    }
  qsort(rows, pair_count * 2, sizeof *rows, compare);
  clock_gettime(CLOCK_MONOTONIC, &done);
  fprintf(stderr, "%" PRIu64 " %.9f\n", packets, done.tv_sec - begin.tv_sec + (done.tv_nsec - begin.tv_nsec) / 1e9);

  puts("source,destination,packets,frame_bytes,ip_bytes,rounds,windows,lag");
  for (size_t i = 0; i < pair_count * 2; i++) {
    const struct row *r = &rows[i];
    if (!r->counts.packets && !r->counts.rounds && !r->counts.windows) continue;
    print_address(r->source_high, r->source_low, r->v6);
    print_address(r->destination_high, r->destination_low, r->v6);
    printf("%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRId64 "\n", r->counts.packets,
           r->counts.frame_bytes, r->counts.ip_bytes, r->counts.rounds, r->counts.windows, r->counts.lag);
  }
  return 0;
}
