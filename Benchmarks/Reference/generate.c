/* Frames at taps, at a rate and in a number that are bounded: a dialogue of each pair of VMs, as TCP.
 *
 *     generate FRAMES RATE PAYLOAD INTERFACE=MAC…
 *
 * Opens the taps as a hypervisor does. Every frame of a VM goes into its tap (sent) and out of the tap of the VM that it is for (received), as
 * over a bridge between them: each counts once at either. Prints the number of frames at all taps and the seconds. Build: cc -O2 -o generate generate.c
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { TAPS = 64, BATCH = 32, HEADERS = 54 };

static struct tap {
  int file;
  unsigned interface;
  uint8_t mac[6];
} taps[TAPS];
static unsigned tap_count;
static uint32_t sequence[TAPS][TAPS];

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

static void open_tap(const char *name, struct tap *tap) {
  struct ifreq request = {.ifr_flags = IFF_TAP | IFF_NO_PI};
  tap->file = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
  strncpy(request.ifr_name, name, IFNAMSIZ - 1);
  if (tap->file < 0 || ioctl(tap->file, TUNSETIFF, &request) || !(tap->interface = if_nametoindex(name))) {
    perror(name);
    exit(1);
  }
}

/* Ethernet, IPv4, TCP with PSH. */
static void fill(uint8_t *frame, unsigned from, unsigned to, unsigned payload) {
  memcpy(frame, taps[to].mac, 6);
  memcpy(frame + 6, taps[from].mac, 6);
  uint8_t headers[] = {8, 0, 0x45, 0, (40 + payload) >> 8, (40 + payload) & 255, 0, 0, 0x40, 0, 64, 6, 0, 0, 10, 0, 0, from + 1,
                       10, 0, 0, to + 1, from + 1, 1, to + 1, 1};
  memcpy(frame + 12, headers, sizeof headers);
  uint32_t number = htonl(sequence[from][to]);
  memcpy(frame + 38, &number, 4);
  memset(frame + 42, 0, 12);
  frame[46] = 0x50;
  frame[47] = 0x18;
  sequence[from][to] += payload;
}

int main(int argc, char **argv) {
  if (argc < 6) return 2;
  uint64_t frames = strtoull(argv[1], NULL, 10), done = 0;
  double rate = atof(argv[2]);
  unsigned payload = atoi(argv[3]);
  if (payload > 1400) return 2;
  for (int i = 4; i < argc && tap_count < TAPS; i++) {
    char *mac = strchr(argv[i], '=');
    unsigned o[6];
    if (!mac || sscanf(mac + 1, "%x:%x:%x:%x:%x:%x", o, o + 1, o + 2, o + 3, o + 4, o + 5) != 6) return 2;
    *mac = 0;
    for (int k = 0; k < 6; k++) taps[tap_count].mac[k] = o[k];
    open_tap(argv[i], &taps[tap_count++]);
  }
  int out = socket(AF_PACKET, SOCK_RAW, 0);
  static uint8_t buffers[BATCH][HEADERS + 1400];
  struct mmsghdr messages[BATCH];
  struct iovec vectors[BATCH];
  struct sockaddr_ll addresses[BATCH];
  memset(messages, 0, sizeof messages);
  memset(addresses, 0, sizeof addresses);
  for (int i = 0; i < BATCH; i++) {
    vectors[i] = (struct iovec){buffers[i], HEADERS + payload};
    addresses[i].sll_family = AF_PACKET;
    addresses[i].sll_halen = 6;
    messages[i].msg_hdr = (struct msghdr){&addresses[i], sizeof addresses[i], &vectors[i], 1, NULL, 0, 0};
  }
  /* A tap forwards some time after it was opened. */
  usleep(500000);
  double begin = now();
  uint64_t step = 0;
  while (done < frames) {
    while (done > (now() - begin) * rate) usleep(100);
    int count = 0;
    for (; count < BATCH && done + 2 * count + 2 <= frames; count++, step++) {
      /* Both ways in turn, pair by pair. */
      uint64_t pair = step / 2 % ((uint64_t)tap_count * (tap_count - 1) / 2);
      unsigned a = 0, b;
      while (pair >= tap_count - 1 - a) pair -= tap_count - 1 - a++;
      b = a + 1 + pair;
      unsigned from = step & 1 ? b : a, to = step & 1 ? a : b;
      fill(buffers[count], from, to, payload);
      addresses[count].sll_ifindex = taps[to].interface;
      if (write(taps[from].file, buffers[count], HEADERS + payload) != (ssize_t)(HEADERS + payload)) {
        perror("write");
        return 1;
      }
    }
    if (!count) break;
    for (int sent = 0; sent < count;) {
      int n = sendmmsg(out, messages + sent, count - sent, 0);
      /* ENOBUFS: the tap's own queue is full, after the frame was seen there. */
      if (n < 0 && errno != ENOBUFS) {
        perror("sendmmsg");
        return 1;
      }
      sent += n < 0 ? 1 : n;
    }
    done += 2 * count;
  }
  printf("%" PRIu64 " %.6f\n", done, now() - begin);
  return 0;
}
