// Frames in the ring of an AF_PACKET socket (packet(7), TPACKET_V3 of Documentation/networking/packet_mmap.rst), and what
// else a sensor asks of the kernel.
#pragma once
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <stdbool.h>
#include <stdint.h>

// One frame as it lies in a block.
struct clinux_frame {
  const uint8_t *bytes;
  uint32_t captured;
  // Bytes of the frame without the frame check sequence, and without a tag that is in the metadata.
  uint32_t length;
  // CLOCK_REALTIME, nanoseconds.
  int64_t time;
  int32_t interface;
  // PACKET_OUTGOING and its like.
  uint8_t type;
  // VIRTIO_NET_HDR_GSO_NONE and its like.
  uint8_t gso_type;
  uint16_t gso_size;
  // A VLAN tag is in the metadata.
  bool has_tag;
};

// Whether the block is the reader's.
static inline bool clinux_block_is_ready(const void *block) {
  const struct tpacket_block_desc *descriptor = (const struct tpacket_block_desc *)block;
  return __atomic_load_n(&descriptor->hdr.bh1.block_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER;
}

static inline void clinux_block_release(void *block) {
  struct tpacket_block_desc *descriptor = (struct tpacket_block_desc *)block;
  __atomic_store_n(&descriptor->hdr.bh1.block_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
}

static inline uint32_t clinux_block_frames(const void *block) {
  return ((const struct tpacket_block_desc *)block)->hdr.bh1.num_pkts;
}

static inline const void *clinux_block_first(const void *block) {
  return (const uint8_t *)block + ((const struct tpacket_block_desc *)block)->hdr.bh1.offset_to_first_pkt;
}

// Reads the frame at `place`, and returns the place of the next of its block.
static inline const void *clinux_frame_read(const void *place, struct clinux_frame *frame) {
  const struct tpacket3_hdr *header = (const struct tpacket3_hdr *)place;
  const struct sockaddr_ll *address =
      (const struct sockaddr_ll *)((const uint8_t *)place + TPACKET_ALIGN(sizeof(struct tpacket3_hdr)));
  // PACKET_VNET_HDR: right before the frame.
  const struct virtio_net_hdr *offload =
      (const struct virtio_net_hdr *)((const uint8_t *)place + header->tp_mac - sizeof(struct virtio_net_hdr));
  frame->bytes = (const uint8_t *)place + header->tp_mac;
  frame->captured = header->tp_snaplen;
  frame->length = header->tp_len;
  frame->time = (int64_t)header->tp_sec * 1000000000 + header->tp_nsec;
  frame->interface = address->sll_ifindex;
  frame->type = address->sll_pkttype;
  frame->gso_type = offload->gso_type;
  frame->gso_size = offload->gso_size;
  frame->has_tag = header->tp_status & TP_STATUS_VLAN_VALID;
  __builtin_prefetch((const uint8_t *)place + 2 * (uintptr_t)header->tp_next_offset);
  return (const uint8_t *)place + header->tp_next_offset;
}

// Makes the ring of an AF_PACKET socket, and maps it. The first byte, or NULL with errno.
uint8_t *clinux_ring_map(int file, uint32_t block_bytes, uint32_t blocks, uint32_t retire_milliseconds);

// By how much the kernel's clock may be wrong, nanoseconds (adjtimex(2)); -1: nobody keeps it right.
int64_t clinux_clock_error(void);
