// Calls of Linux that Swift's Glibc doesn't show.
#pragma once
#include <poll.h>
#include <signal.h>
#include <time.h>

/// ppoll(2): poll with a timeout in nanoseconds.
int ppoll(struct pollfd *entries, nfds_t count, const struct timespec *timeout, const sigset_t *mask);
