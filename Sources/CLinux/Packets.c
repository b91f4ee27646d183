#include "Packets.h"

#include <stddef.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/timex.h>

uint8_t *clinux_ring_map(int file, uint32_t block_bytes, uint32_t blocks, uint32_t retire_milliseconds) {
  int version = TPACKET_V3, on = 1;
  // The size of frames means nothing in this version, but must divide that of a block.
  struct tpacket_req3 request = {.tp_block_size = block_bytes,
                                 .tp_block_nr = blocks,
                                 .tp_frame_size = 2048,
                                 .tp_frame_nr = block_bytes / 2048 * blocks,
                                 .tp_retire_blk_tov = retire_milliseconds};
  if (setsockopt(file, SOL_PACKET, PACKET_VERSION, &version, sizeof version) ||
      setsockopt(file, SOL_PACKET, PACKET_VNET_HDR, &on, sizeof on) ||
      setsockopt(file, SOL_PACKET, PACKET_RX_RING, &request, sizeof request))
    return NULL;
  void *ring = mmap(NULL, (size_t)block_bytes * blocks, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  return ring == MAP_FAILED ? NULL : ring;
}

int64_t clinux_clock_error(void) {
  struct timex clock = {.modes = 0};
  if (adjtimex(&clock) == TIME_ERROR || clock.status & STA_UNSYNC) return -1;
  return (int64_t)clock.maxerror * 1000;
}
