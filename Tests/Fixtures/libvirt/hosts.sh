#!/bin/bash
# Two hosts, h1 and h2, each a libvirtd on a network of their own, for as long as standard input is open.
#
#   unshare --pid --fork --kill-child --mount --net --uts --ipc hosts.sh DIRECTORY
#
# Everything lives in one PID namespace whose first process is this script: when it ends, all end, and it removes the
# directory. Says "ready", then reads lines "HOST COMMAND…", runs each in the host's namespaces, and answers with its
# output and a line "= CODE".
set -eu
directory=$1
# Nobody is left to write when the folder goes.
trap 'kill -9 -1 || true; rm -rf "$directory"' EXIT
mount --make-rprivate /
mount -t proc proc /proc

host() { # NAME NUMBER: makes the namespaces, leaves their process's id in $sleeper
  local root=$directory/$1
  mkdir -p "$root"/{run,lib,log,cache,etc}
  # Debian's libvirt-daemon-system would make this user, which the QEMU driver asks for before it reads qemu.conf.
  (cat /etc/passwd && echo "libvirt-qemu:x:64055:64055::/nonexistent:/usr/sbin/nologin") > "$root/passwd"
  (cat /etc/group && echo "libvirt-qemu:x:64055:") > "$root/group"
  printf '127.0.0.1 localhost\n10.0.0.1 h1\n10.0.0.2 h2\n' > "$root/hosts"
  cat > "$root/etc/libvirtd.conf" <<END
listen_tls = 0
listen_tcp = 1
listen_addr = "10.0.0.$2"
auth_tcp = "none"
auth_unix_rw = "none"
host_uuid = "00000000-0000-4000-8000-00000000000$2"
END
  cat > "$root/etc/qemu.conf" <<END
user = "root"
group = "root"
security_driver = "none"
cgroup_controllers = []
namespaces = []
stdio_handler = "file"
remember_owner = 0
migration_host = "10.0.0.$2"
END
  unshare --mount --net --uts bash -c '
    set -eu
    for pair in run:/run lib:/var/lib/libvirt log:/var/log/libvirt cache:/var/cache/libvirt etc:/etc/libvirt; do
      mkdir -p ${pair#*:}
      mount --bind $2/${pair%%:*} ${pair#*:}
    done
    for file in hosts passwd group; do mount --bind $2/$file /etc/$file; done
    hostname $1
    ip link set lo up
    touch $2/ready
    exec sleep infinity' host "$1" "$root" < /dev/null &
  sleeper=$!
  until [ -e "$root/ready" ]; do kill -0 $sleeper; sleep 0.01; done
}

host h1 1
h1=$sleeper
host h2 2
h2=$sleeper
ip link add eth0 netns $h1 type veth peer name eth0 netns $h2

inside() { # HOST COMMAND
  nsenter -t "${!1}" --mount --net --uts bash -c "$2" < /dev/null 2>&1
}
# -d returns once the daemon listens.
inside h1 "ip addr add 10.0.0.1/24 dev eth0; ip link set eth0 up; libvirtd -l -d -p $directory/h1/libvirtd.pid"
inside h2 "ip addr add 10.0.0.2/24 dev eth0; ip link set eth0 up; libvirtd -l -d -p $directory/h2/libvirtd.pid"
echo ready

while read -r name command; do
  code=0
  inside "$name" "$command" || code=$?
  echo "= $code"
done
