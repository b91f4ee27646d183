#!/bin/bash
# A PostgreSQL server of one's own for as long as standard input is open, whoever closes it.
#
#   server.sh BINARIES DIRECTORY [OPTION…]
#
# Options are the server's, as `-c fsync=on`: they count for more than what tests are content with.
# It is reached by a Unix socket in the directory, which is removed with it. Says "= 0" when it is ready; then it reads
# lines, carries each out, and answers with its output and a line "= CODE":
#
#   sql DATABASE STATEMENT…   stop   start
set -u
binaries=$1 directory=$2
shift 2
options=("$@")
server=
finish() {
  stop QUIT
  rm -rf "$directory"
}
trap finish EXIT

# PostgreSQL refuses to run as root. A script that is killed takes the server with it.
as_owner=(setpriv --pdeathsig KILL)
if [ "$(id -u)" -eq 0 ]; then
  as_owner+=(--reuid=postgres --regid=postgres --init-groups)
  chown postgres "$directory"
fi

stop() { # SIGNAL
  [ -n "$server" ] || return 0
  kill "-$1" "$server"
  wait "$server"
  server=
}

start() {
  "${as_owner[@]}" "$binaries/postgres" -D "$directory/data" -c listen_addresses= -c unix_socket_directories="$directory" \
    -c fsync=off -c shared_buffers=16MB -c max_connections=200 "${options[@]}" >>"$directory/log" 2>&1 </dev/null &
  server=$!
  for _ in $(seq 300); do
    "$binaries/pg_isready" -q -h "$directory" && return 0
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
  done
  tail -n 20 "$directory/log"
  return 1
}

initialise() {
  (cd "$directory" && "${as_owner[@]}" "$binaries/initdb" -D "$directory/data" -U postgres -A trust -E UTF8 --locale=C \
    --no-sync --no-instructions 2>&1 >/dev/null) || return 1
  # One role has to give its password.
  sed -i '1i local all guarded scram-sha-256' "$directory/data/pg_hba.conf"
  start
}

# A server of which a backend was killed takes nobody in until it has recovered: psql's code is 2 then.
query() { # DATABASE STATEMENT
  local answer code
  for _ in $(seq 300); do
    answer=$("$binaries/psql" -h "$directory" -U postgres -d "$1" -XAtq -v ON_ERROR_STOP=1 -c "$2" 2>&1)
    code=$?
    [ "$code" -eq 2 ] || break
    sleep 0.1
  done
  [ -z "$answer" ] || echo "$answer"
  return "$code"
}

initialise
echo "= $?"
while read -r command database statement; do
  case $command in
  sql) query "$database" "$statement" ;;
  stop) stop INT ;;
  start) start ;;
  *) false ;;
  esac
  echo "= $?"
done
