#define _GNU_SOURCE
#include "Threads.h"

#include <sched.h>
#include <sys/prctl.h>
#include <time.h>

int clinux_enter_network_namespace(int file) { return setns(file, CLONE_NEWNET); }

int clinux_set_real_time(void) {
  struct sched_param parameters = {.sched_priority = 1};
  // The kernel may round the waits of ordinary threads by 50 µs; where real time is refused, by 1 ns.
  prctl(PR_SET_TIMERSLACK, 1UL);
  return sched_setscheduler(0, SCHED_FIFO, &parameters);
}

uint64_t clinux_monotonic(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

int clinux_poll_until(struct pollfd *entries, unsigned long count, uint64_t nanoseconds) {
  if (nanoseconds == UINT64_MAX) return poll(entries, count, -1);
  uint64_t now = clinux_monotonic();
  uint64_t left = nanoseconds > now ? nanoseconds - now : 0;
  struct timespec time = {.tv_sec = (time_t)(left / 1000000000), .tv_nsec = (long)(left % 1000000000)};
  return ppoll(entries, count, &time, 0);
}
