/* Counting live at taps as a C programmer would write it, to measure ours against: one AF_PACKET ring (TPACKET_V3) for all taps, packets and
 * bytes per pair and direction as they go on the wire, VMs by Ethernet address, and what waits are derived from.
 *
 *     ring SECONDS INTERFACE=MAC…
 *
 * Rows on standard output: direction at the tap, tap, peer, figures. On standard error: frames read, frames dropped, processor seconds of
 * user and kernel. Build: cc -O2 -o ring ring.c (with waits.h)
 */
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "waits.h"

enum { BLOCK = 1 << 20, BLOCKS = 64, SNAP = 256, TAPS = 256 };
static const uint32_t NOBODY = UINT32_MAX;

struct volume {
  uint64_t packets, frame_bytes, ip_bytes;
};

struct tap {
  const char *name;
  uint64_t mac;
  uint32_t interface;
};

/* An endpoint that is no VM, or a VM by the number of its tap. */
struct endpoint {
  uint64_t high, low;
  bool v6;
};

struct pair {
  uint64_t key; /* tap and endpoint */
  struct volume sent, received;
  uint32_t followed;
};

struct view {
  struct connections connections;
  struct end end;
};

static struct tap taps[TAPS];
static unsigned tap_count;
static uint32_t tap_of[4 * TAPS];
static struct table mac_table, endpoint_table, pair_table;
static struct endpoint *endpoints;
static size_t endpoint_count, endpoint_room;
static struct pair *pairs;
static size_t pair_count, pair_room;
static struct view *views;
static size_t view_count, view_room;
static uint64_t frames, foreign, not_ip, malformed, counted;
static int64_t period_end;
static volatile sig_atomic_t stopped;

static void stop(int signal) { stopped = signal; }

static inline uint32_t hash_of(uint64_t key) {
  uint64_t hash = mix(key ^ seed[0], seed[1]);
  return (uint32_t)(hash ^ hash >> 32);
}

static inline uint64_t be48(const uint8_t *p) { return (uint64_t)be16(p) << 32 | be32(p + 2); }

static inline uint32_t find_mac(uint64_t mac) {
  uint32_t hash = hash_of(mac);
  uint64_t slot;
  for (size_t at = hash & mac_table.mask; (slot = mac_table.slots[at]); at = (at + 1) & mac_table.mask)
    if (slot >> 32 == hash && taps[(uint32_t)slot - 1].mac == mac) return (uint32_t)slot - 1;
  return NOBODY;
}

static inline uint32_t find_endpoint(uint64_t mac, uint64_t high, uint64_t low, bool v6) {
  uint32_t vm = find_mac(mac);
  if (vm != NOBODY) return vm;
  uint32_t hash = hash_of(high ^ mix(low ^ seed[0], seed[1]));
  size_t at = hash & endpoint_table.mask;
  uint64_t slot;
  for (; (slot = endpoint_table.slots[at]); at = (at + 1) & endpoint_table.mask) {
    const struct endpoint *e = &endpoints[(uint32_t)slot - 1];
    if (slot >> 32 == hash && e->low == low && e->high == high && e->v6 == v6) return TAPS + (uint32_t)slot - 1;
  }
  if (endpoint_count == endpoint_room)
    endpoints = grown(endpoints, (endpoint_room = endpoint_room ? endpoint_room * 2 : 64) * sizeof *endpoints);
  endpoints[endpoint_count] = (struct endpoint){high, low, v6};
  table_enter(&endpoint_table, at, hash, endpoint_count);
  return TAPS + endpoint_count++;
}

static inline struct pair *find_pair(uint32_t tap, uint32_t peer) {
  uint64_t key = (uint64_t)tap << 32 | peer;
  uint32_t hash = hash_of(key);
  size_t at = hash & pair_table.mask;
  uint64_t slot;
  for (; (slot = pair_table.slots[at]); at = (at + 1) & pair_table.mask)
    if (slot >> 32 == hash && pairs[(uint32_t)slot - 1].key == key) return &pairs[(uint32_t)slot - 1];
  if (pair_count == pair_room) pairs = grown(pairs, (pair_room = pair_room ? pair_room * 2 : 64) * sizeof *pairs);
  pairs[pair_count] = (struct pair){.key = key, .followed = NOBODY};
  table_enter(&pair_table, at, hash, pair_count);
  return &pairs[pair_count++];
}

static struct view *follow(struct pair *pair, uint32_t tap) {
  if (view_count == view_room) views = grown(views, (view_room = view_room ? view_room * 2 : 64) * sizeof *views);
  struct view *view = &views[view_count];
  memset(view, 0, sizeof *view);
  view->end.machine = tap;
  view->end.heard_phase = UINT32_MAX;
  view->end.least_lag = INT8_MAX;
  view->end.latest_way = view->end.transfer_way = NO_WAY;
  pair->followed = view_count++;
  return view;
}

static void count(const struct tpacket3_hdr *h) {
  const struct sockaddr_ll *from = (const void *)((const uint8_t *)h + TPACKET_ALIGN(sizeof *h));
  const uint8_t *frame = (const uint8_t *)h + h->tp_mac;
  const struct virtio_net_hdr *offload = (const void *)(frame - sizeof *offload);
  int64_t time = (int64_t)h->tp_sec * 1000000000 + h->tp_nsec;
  uint32_t captured = h->tp_snaplen, length = h->tp_len, interface = from->sll_ifindex;
  uint32_t tap = NOBODY;
  for (uint32_t at = interface % (4 * TAPS); tap_of[at]; at = (at + 1) % (4 * TAPS))
    if (taps[tap_of[at] - 1].interface == interface) {
      tap = tap_of[at] - 1;
      break;
    }
  if (tap == NOBODY) return;
  frames++;
  if (time >= period_end) period_end = time + INT64_C(30000000000);
  bool received = from->sll_pkttype == PACKET_OUTGOING;
  if (captured < 14) {
    not_ip++;
    return;
  }
  bool group = frame[0] & 1;
  uint64_t destination = be48(frame), source = be48(frame + 6);
  if (received ? !group && destination != taps[tap].mac : source != taps[tap].mac) {
    foreign++;
    return;
  }
  const uint8_t *ip = frame + 14, *limit = frame + captured;
  uint16_t type = be16(frame + 12);
  while (type == 0x8100 || type == 0x88a8 || type == 0x9100) {
    if (limit - ip < 4) {
      not_ip++;
      return;
    }
    type = be16(ip + 2);
    ip += 4;
  }
  uint64_t high[2] = {0}, low[2], bytes;
  const uint8_t *transport;
  uint8_t protocol;
  bool later = false, v6 = type == 0x86dd;
  if (type == 0x0800) {
    if (limit - ip < 20 || ip[0] >> 4 != 4 || (ip[0] & 15) < 5) {
      malformed++;
      return;
    }
    bytes = be16(ip + 2);
    if (!bytes) bytes = length - (ip - frame);
    later = be16(ip + 6) & 0x1fff;
    protocol = ip[9];
    low[0] = be32(ip + 12);
    low[1] = be32(ip + 16);
    transport = ip + (ip[0] & 15) * 4;
    group |= low[1] >> 28 == 14 || low[1] == UINT32_MAX;
  } else if (v6) {
    if (limit - ip < 40 || ip[0] >> 4 != 6) {
      malformed++;
      return;
    }
    bytes = be16(ip + 4) + 40;
    protocol = ip[6];
    high[0] = be64(ip + 8);
    low[0] = be64(ip + 16);
    high[1] = be64(ip + 24);
    low[1] = be64(ip + 32);
    group |= high[1] >> 56 == 0xff;
    transport = ip + 40;
    while ((protocol == 0 || protocol == 43 || protocol == 44 || protocol == 60) && limit - transport >= 8 && !later) {
      later = protocol == 44 && be16(transport + 2) & 0xfff8;
      unsigned size = protocol == 44 ? 8 : transport[1] * 8 + 8;
      protocol = transport[0];
      transport += size;
    }
  } else {
    not_ip++;
    return;
  }
  int64_t payload = (int64_t)bytes - (transport - ip);
  bool tcp = protocol == 6 && limit - transport >= 14 && transport[12] >> 4 >= 5;
  if (tcp) payload -= (transport[12] >> 4) * 4;
  if (payload < 0) payload = 0;
  struct volume volume = {1, length + (h->tp_status & TP_STATUS_VLAN_VALID ? 4 : 0), bytes};
  uint32_t last = payload;
  if (offload->gso_size && tcp) {
    unsigned headers = transport + (transport[12] >> 4) * 4 - frame, size = offload->gso_size;
    uint64_t data = length - headers, segments = (data + size - 1) / size;
    volume = (struct volume){segments, segments * headers + data, segments * (headers - (ip - frame)) + data};
    last = data - (segments - 1) * size;
  }
  counted += volume.packets;
  int other = received ? 0 : 1;
  uint32_t peer = find_endpoint(group && !received ? 0 : received ? source : destination, high[other], low[other], v6);
  struct pair *pair = find_pair(tap, peer);
  struct volume *to = received ? &pair->received : &pair->sent;
  to->packets += volume.packets;
  to->frame_bytes += volume.frame_bytes;
  to->ip_bytes += volume.ip_bytes;
  if (group || later) return;
  if (pair->followed == NOBODY && !payload) return;
  struct view *view = pair->followed == NOBODY ? follow(pair, tap) : &views[pair->followed];
  enum way way = received ? BACK : OUT;
  if (!tcp) {
    if (payload) take(&view->end, way, time, 0, true);
  } else if (is_new(&view->connections, received, be32(transport), be32(transport + 4), payload, transport[13] & 2)) {
    take(&view->end, way, time, last, transport[13] & 8);
  }
}

static int open_ring(uint8_t **ring) {
  int file = socket(AF_PACKET, SOCK_RAW, 0), version = TPACKET_V3, on = 1;
  struct tpacket_req3 request = {.tp_block_size = BLOCK,
                                 .tp_block_nr = BLOCKS,
                                 .tp_frame_size = 2048,
                                 .tp_frame_nr = BLOCK / 2048 * BLOCKS,
                                 .tp_retire_blk_tov = 50};
  struct sock_filter code[2 * TAPS + 2] = {{BPF_LD | BPF_W | BPF_ABS, 0, 0, (uint32_t)(SKF_AD_OFF + SKF_AD_IFINDEX)}};
  unsigned size = 1;
  for (unsigned i = 0; i < tap_count; i++) {
    code[size++] = (struct sock_filter){BPF_JMP | BPF_JEQ | BPF_K, 0, 1, taps[i].interface};
    code[size++] = (struct sock_filter){BPF_RET | BPF_K, 0, 0, SNAP};
  }
  code[size++] = (struct sock_filter){BPF_RET | BPF_K, 0, 0, 0};
  struct sock_fprog program = {size, code};
  struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL)};
  if (file < 0 || setsockopt(file, SOL_PACKET, PACKET_VERSION, &version, sizeof version) ||
      setsockopt(file, SOL_PACKET, PACKET_VNET_HDR, &on, sizeof on) ||
      setsockopt(file, SOL_PACKET, PACKET_RX_RING, &request, sizeof request) ||
      (*ring = mmap(NULL, (size_t)BLOCK * BLOCKS, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0)) == MAP_FAILED ||
      setsockopt(file, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) ||
      bind(file, (struct sockaddr *)&address, sizeof address)) {
    perror("ring");
    exit(1);
  }
  return file;
}

static void print(const char *direction, const struct pair *pair, const struct volume *volume, const struct waits *waits) {
  uint32_t peer = (uint32_t)pair->key;
  printf("%s,%s,", direction, taps[pair->key >> 32].name);
  if (peer < TAPS)
    printf("%s", taps[peer].name);
  else
    printf("%016" PRIx64 "%016" PRIx64, endpoints[peer - TAPS].high, endpoints[peer - TAPS].low);
  printf(",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 "\n", volume->packets,
         volume->frame_bytes, volume->ip_bytes, waits->turns, waits->matched, waits->runs, waits->shares);
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  int64_t seconds = atoi(argv[1]);
  srandom(getpid());
  seed[0] = (uint64_t)random() << 32 | random();
  seed[1] = (uint64_t)random() << 32 | random();
  table_init(&mac_table);
  table_init(&endpoint_table);
  table_init(&pair_table);
  for (int i = 2; i < argc && tap_count < TAPS; i++) {
    struct tap *tap = &taps[tap_count];
    char *mac = strchr(argv[i], '=');
    if (!mac) return 2;
    *mac++ = 0;
    tap->name = argv[i];
    tap->interface = if_nametoindex(argv[i]);
    unsigned o[6];
    if (sscanf(mac, "%x:%x:%x:%x:%x:%x", o, o + 1, o + 2, o + 3, o + 4, o + 5) != 6 || !tap->interface) return 2;
    for (int k = 0; k < 6; k++) tap->mac = tap->mac << 8 | o[k];
    uint32_t hash = hash_of(tap->mac);
    size_t at = hash & mac_table.mask;
    while (mac_table.slots[at]) at = (at + 1) & mac_table.mask;
    table_enter(&mac_table, at, hash, tap_count++);
    uint32_t slot = tap->interface % (4 * TAPS);
    while (tap_of[slot]) slot = (slot + 1) % (4 * TAPS);
    tap_of[slot] = tap_count;
  }
  machines = calloc(TAPS, sizeof *machines);
  uint8_t *ring;
  int file = open_ring(&ring);
  signal(SIGINT, stop);
  signal(SIGTERM, stop);
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  time_t end = now.tv_sec + seconds;
  unsigned block = 0;
  while (!stopped && (clock_gettime(CLOCK_MONOTONIC, &now), now.tv_sec < end)) {
    struct tpacket_block_desc *b = (void *)(ring + (size_t)block * BLOCK);
    if (!(__atomic_load_n(&b->hdr.bh1.block_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER)) {
      struct pollfd entry = {file, POLLIN, 0};
      poll(&entry, 1, 50);
      continue;
    }
    const struct tpacket3_hdr *h = (const void *)((uint8_t *)b + b->hdr.bh1.offset_to_first_pkt);
    for (uint32_t i = 0; i < b->hdr.bh1.num_pkts; i++) {
      __builtin_prefetch((const uint8_t *)h + 2 * (uintptr_t)h->tp_next_offset);
      count(h);
      h = (const void *)((const uint8_t *)h + h->tp_next_offset);
    }
    __atomic_store_n(&b->hdr.bh1.block_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
    block = (block + 1) % BLOCKS;
  }
  struct tpacket_stats_v3 statistics;
  socklen_t size = sizeof statistics;
  getsockopt(file, SOL_PACKET, PACKET_STATISTICS, &statistics, &size);
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  fprintf(stderr, "%" PRIu64 " %u %.6f %.6f\n", frames, statistics.tp_drops,
          usage.ru_utime.tv_sec + usage.ru_utime.tv_usec / 1e6, usage.ru_stime.tv_sec + usage.ru_stime.tv_usec / 1e6);
  static const struct waits none;
  for (size_t i = 0; i < pair_count; i++) {
    const struct waits *waits = pairs[i].followed == NOBODY ? &none : &views[pairs[i].followed].end.waits;
    if (pairs[i].sent.packets) print("sent", &pairs[i], &pairs[i].sent, &none);
    if (pairs[i].received.packets) print("received", &pairs[i], &pairs[i].received, waits);
  }
  return 0;
}
