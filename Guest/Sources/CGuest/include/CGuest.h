// The C library as the guest's program uses it: Embedded Swift has no Glibc module.
#pragma once
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

// ppoll(2), which only GNU sources see: poll with a timeout in nanoseconds.
int ppoll(struct pollfd *entries, nfds_t count, const struct timespec *timeout, const sigset_t *mask);

// errno is a macro.
static inline int guest_errno(void) { return errno; }

// open(2) takes further arguments at will, which Swift can't call.
static inline int guest_open(const char *path) { return open(path, O_RDONLY | O_CLOEXEC); }
static inline int guest_create(const char *path) { return open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644); }

// fcntl(2) likewise: the descriptor never blocks, and is closed in programs that this one starts.
static inline void guest_prepare(int descriptor) {
  fcntl(descriptor, F_SETFL, O_NONBLOCK);
  fcntl(descriptor, F_SETFD, FD_CLOEXEC);
}

static inline void guest_ignore(int signal_number) { signal(signal_number, SIG_IGN); }
