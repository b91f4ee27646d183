// Threads: namespaces, priority and waiting. Each call is about the calling thread alone; 0, or -1 with errno.
#pragma once
#include <poll.h>
#include <stdint.h>

// setns(2) with CLONE_NEWNET.
int clinux_enter_network_namespace(int file);

// SCHED_FIFO (sched(7)) at the lowest of its priorities: before every ordinary thread.
int clinux_set_real_time(void);

// ppoll(2) until the clock CLOCK_MONOTONIC shows that many nanoseconds; UINT64_MAX: for ever. Returns as poll does.
int clinux_poll_until(struct pollfd *entries, unsigned long count, uint64_t nanoseconds);

// CLOCK_MONOTONIC, nanoseconds.
uint64_t clinux_monotonic(void);
