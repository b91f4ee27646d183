// Kernel headers that Swift's Glibc overlay doesn't import, for the target Linux, and what their macros hide from
// Swift.
#pragma once
#include "Packets.h"
#include "Threads.h"

#include <netinet/in.h>

#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

// TUNSETIFF: attaches the open /dev/net/tun to the interface `name`, which it creates if there is none. 0, or -1 with
// errno.
int clinux_tun_attach(int file, const char *name, short flags);

// TUNSETPERSIST: whether the interface outlives the open file. 0, or -1 with errno.
int clinux_tun_set_persistent(int file, int persistent);
