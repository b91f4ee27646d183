/* The counting of a capture as a C programmer would write it, to measure ours against: packets, frame bytes, IP bytes, and what waits are
 * derived from, per ordered pair, by the definitions of docs/waits.md.
 *
 * Reads pcap (both byte orders, micro- and nanoseconds) with Ethernet, VLAN tags, IPv4 and IPv6; keeps counts per period of 30 s. Rows on
 * standard output, packets and seconds on standard error. Build: cc -O2 -o count count.c (with waits.h)
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "waits.h"

enum { WINDOW_BYTES = 1 << 20, RECORD_LIMIT = 262144, ARRIVALS = 1 << 16 };
static const int64_t HOP = 50000, PERIOD = 30000000000;

struct counts {
  uint64_t packets, frame_bytes, ip_bytes;
  struct waits waits;
};

/* A packet on its way to an end. */
struct arrival {
  int64_t time;
  uint32_t pair, bytes;
  uint8_t end;
  bool push;
};

struct key {
  uint64_t first_high, first_low, second_high, second_low;
  bool v6;
};

struct pair {
  struct key key;
  int64_t period;
  struct counts counts[2]; /* first to second, second to first */
  bool followed;
  struct end end[2];
  struct connections connections;
};

struct settled {
  uint32_t pair;
  int64_t period;
  struct counts counts[2];
};

static struct table pair_table, settled_table, machine_table;
static struct pair *pairs;
static size_t pair_count, pair_room;
static struct settled *settled;
static size_t settled_count, settled_room;
static size_t machine_count, machine_room;
static struct arrival *arrivals;
static size_t arrival_head, arrival_count, arrival_room;
static int64_t current_period, current_first = INT64_MAX, current_last = INT64_MIN;
static uint64_t packets;

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
  table_enter(&pair_table, at, hash, pair_count++);
  return pair;
}

static void add(struct counts *to, const struct counts *from) {
  to->packets += from->packets;
  to->frame_bytes += from->frame_bytes;
  to->ip_bytes += from->ip_bytes;
  to->waits.rounds += from->waits.rounds;
  to->waits.windows += from->waits.windows;
  to->waits.lag += from->waits.lag;
  to->waits.turns += from->waits.turns;
  to->waits.matched += from->waits.matched;
  to->waits.runs += from->waits.runs;
  to->waits.shares += from->waits.shares;
}

/* What was counted at an end belongs to the row that ends there. */
static void settle(struct pair *pair) {
  for (int end = 0; end < 2; end++) {
    pair->counts[!end].waits = pair->end[end].waits;
    memset(&pair->end[end].waits, 0, sizeof pair->end[end].waits);
  }
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
  for (int way = 0; way < 2; way++) add(&entry->counts[way], &pair->counts[way]);
  memset(pair->counts, 0, sizeof pair->counts);
  pair->period = current_period;
}

/* Waits */

static uint32_t find_machine(uint64_t high, uint64_t low, bool v6) {
  struct key key = {high, low, high, low, v6};
  uint32_t hash = key_hash(&key);
  size_t at = hash & machine_table.mask;
  uint64_t slot;
  for (; (slot = machine_table.slots[at]); at = (at + 1) & machine_table.mask) {
    const struct machine *machine = &machines[(uint32_t)slot - 1];
    if (slot >> 32 == hash && machine->low == low && machine->high == high && machine->v6 == v6) return (uint32_t)slot - 1;
  }
  if (machine_count == machine_room)
    machines = grown(machines, (machine_room = machine_room ? machine_room * 2 : 64) * sizeof *machines);
  memset(&machines[machine_count], 0, sizeof *machines);
  machines[machine_count].high = high;
  machines[machine_count].low = low;
  machines[machine_count].v6 = v6;
  table_enter(&machine_table, at, hash, machine_count);
  return machine_count++;
}

static void begin_to_follow(struct pair *pair) {
  const struct key *k = &pair->key;
  for (int i = 0; i < 2; i++) {
    struct end *end = &pair->end[i];
    end->machine = i ? find_machine(k->second_high, k->second_low, k->v6) : find_machine(k->first_high, k->first_low, k->v6);
    end->heard_phase = UINT32_MAX;
    end->least_lag = INT8_MAX;
    end->latest_way = end->transfer_way = NO_WAY;
  }
  pair->followed = true;
}

static inline void arrive(void) {
  struct arrival arrival = arrivals[arrival_head];
  arrival_head = (arrival_head + 1) & (arrival_room - 1);
  arrival_count--;
  take(&pairs[arrival.pair].end[arrival.end], BACK, arrival.time + HOP, arrival.bytes, arrival.push);
}

static void grow_arrivals(void) {
  size_t room = arrival_room ? arrival_room * 2 : 64;
  struct arrival *ring = grown(NULL, room * sizeof *ring);
  for (size_t i = 0; i < arrival_count; i++) ring[i] = arrivals[(arrival_head + i) & (arrival_room - 1)];
  free(arrivals);
  arrivals = ring;
  arrival_head = 0;
  arrival_room = room;
}

static inline void advance(int64_t time) {
  while (arrival_count) {
    int64_t age = time - arrivals[arrival_head].time;
    if (age <= HOP && age >= -SILENCE) return;
    arrive();
  }
}

static inline void follow(struct pair *pair, int sender, int64_t time, uint32_t bytes, bool push) {
  take(&pair->end[sender], OUT, time, bytes, push);
  if (arrival_count == ARRIVALS) arrive();
  if (arrival_count == arrival_room) grow_arrivals();
  arrivals[(arrival_head + arrival_count++) & (arrival_room - 1)] =
      (struct arrival){time, (uint32_t)(pair - pairs), bytes, !sender, push};
}

/* Packets */

static void count(const uint8_t *frame, size_t captured, uint32_t original, int64_t time) {
  packets++;
  advance(time);
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
  int64_t payload = (int64_t)bytes - (transport - ip);
  bool tcp = protocol == 6 && end - transport >= 14 && transport[12] >> 4 >= 5;
  if (tcp) payload -= (transport[12] >> 4) * 4;
  if (payload < 0) payload = 0;
  if (!pair->followed) {
    if (!payload) return;
    begin_to_follow(pair);
  }
  if (!tcp) {
    if (payload) follow(pair, !forward, time, 0, true);
  } else if (is_new(&pair->connections, !forward, be32(transport), be32(transport + 4), payload, transport[13] & 2)) {
    follow(pair, !forward, time, payload, transport[13] & 8);
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
  table_init(&machine_table);
  read_capture(file);

  while (arrival_count) arrive();
  for (size_t i = 0; i < pair_count; i++) {
    close_window(&pairs[i].end[0]);
    close_window(&pairs[i].end[1]);
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
    for (int way = 0; way < 2; way++) add(&rows[2 * settled[i].pair + way].counts, &settled[i].counts[way]);
  qsort(rows, pair_count * 2, sizeof *rows, compare);
  clock_gettime(CLOCK_MONOTONIC, &done);
  fprintf(stderr, "%" PRIu64 " %.9f\n", packets, done.tv_sec - begin.tv_sec + (done.tv_nsec - begin.tv_nsec) / 1e9);

  puts("source,destination,packets,frame_bytes,ip_bytes,rounds,windows,lag,turns,matched,runs,shares");
  for (size_t i = 0; i < pair_count * 2; i++) {
    const struct row *r = &rows[i];
    const struct waits *w = &r->counts.waits;
    if (!r->counts.packets && !w->turns && !w->matched && !w->runs && !w->windows) continue;
    print_address(r->source_high, r->source_low, r->v6);
    print_address(r->destination_high, r->destination_low, r->v6);
    printf("%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRId64 ",", r->counts.packets, r->counts.frame_bytes,
           r->counts.ip_bytes, w->rounds, w->windows, w->lag);
    printf("%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 "\n", w->turns, w->matched, w->runs, w->shares);
  }
  return 0;
}
