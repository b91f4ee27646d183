#include "CLinux.h"

#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>

int clinux_tun_attach(int file, const char *name, short flags) {
  struct ifreq request;
  memset(&request, 0, sizeof request);
  if (strlen(name) >= sizeof request.ifr_name) {
    errno = ENAMETOOLONG;
    return -1;
  }
  strcpy(request.ifr_name, name);
  request.ifr_flags = flags;
  return ioctl(file, TUNSETIFF, &request);
}

int clinux_tun_set_persistent(int file, int persistent) { return ioctl(file, TUNSETPERSIST, (long)persistent); }
