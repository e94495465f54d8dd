# shellcheck shell=bash
# What the scripts beside this one share. Linux only: a process is told from a later one with the same id by its start time.
set -Eeuo pipefail
umask 077
# Nothing ends without a word.
trap 'code=$?; printf "Error: %s (line %s of %s) failed with code %s\n" "$BASH_COMMAND" "$LINENO" "${BASH_SOURCE[0]##*/}" "$code" >&2' ERR

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=services.sh
. "$root/deploy/local/services.sh"

# The seconds are those since make began, whichever of the scripts speaks.
[[ -z ${MAKE_BEGAN:-} ]] || SECONDS=$(($(date +%s) - MAKE_BEGAN))
say() { printf '%3d s  %s\n' "$SECONDS" "$*"; }
fail() { printf 'Error: %s\n' "$*" >&2; exit 1; }
as_root() { if [[ $EUID == 0 ]]; then "$@"; else sudo -n "$@"; fi; }

# find_set <name>: the folders of one set
find_set() {
    set_name=$1
    [[ $set_name =~ ^[a-z][a-z0-9]{0,20}$ ]] || fail "'$set_name' is no name for a set: use demo, test, bench or another short word"
    home=$root/.local/$set_name
    run=$home/run
    log=$home/log
    mkdir -p "$run" "$log" "$home/services" 2>/dev/null && [[ -O $home ]] \
        || fail "$home is not yours: run this as $(stat -c %U "$root/.local" 2>/dev/null || echo another user), or 'make clean' as that user"
    # PostgreSQL may have to run as another user, who passes through these two and can read neither.
    chmod 711 "$root/.local" "$home"
}

# open_set <name> [minutes to wait for another script that works on it]: its folders, ours alone until we end
open_set() {
    find_set "$1"
    exec 9> "$home/lock"
    flock -w $((${2:-5} * 60)) 9 || fail "another script has been working on the set '$set_name' for ${2:-5} minutes"
}

# wait_until <seconds> <command...>
wait_until() {
    local end=$((SECONDS + $1)); shift
    until "$@"; do
        ((SECONDS < end)) || return 1
        sleep 0.1
    done
}

# identity <process id>: its id and start time; nothing for one that has ended, even if nobody collected it
identity() {
    local stat fields
    { stat=$(< "/proc/$1/stat"); } 2>/dev/null || return 1
    read -ra fields <<< "${stat##*) }"
    [[ ${fields[0]} != [ZX] ]] && echo "$1 ${fields[19]}"
}

remember() { identity "$2" > "$1" || { rm -f "$1"; return 1; }; }
alive() { [[ -s $1 && $(identity "$(cut -d' ' -f1 "$1")") == "$(< "$1")" ]]; }
ended() { ! alive "$1"; }

# end_process <file> <signal> <seconds>: ends what the file remembers, never a stranger that has got its id since
end_process() {
    if alive "$1"; then
        kill "-$2" "$(cut -d' ' -f1 "$1")"
        wait_until "$3" ended "$1" || { kill -KILL "$(cut -d' ' -f1 "$1")"; wait_until 10 ended "$1" || true; }
    fi
    rm -f "$1"
}

listening() { (exec 3<> "/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# all_free <first> <last>
all_free() {
    local port
    for ((port = $1; port <= $2; port++)); do ! listening "$port" || return 1; done
}

# require_port <setting> <port> <how many are taken from it on>
require_port() {
    { [[ $2 =~ ^[1-9][0-9]{3,4}$ ]] && (($2 >= 1024 && $2 + $3 <= 65536)); } \
        || fail "$1=$2 is no port: a number from 1024 to $((65536 - $3))$( (($3 == 1)) || echo ", the first of $3 free ones")"
}

# check_infrastructure_port: whether INFRA_PORT, where it is said, can be the first port of the servers of this set
check_infrastructure_port() {
    local file running=
    [[ -n ${INFRA_PORT:-} ]] || return 0
    require_port INFRA_PORT "$INFRA_PORT" 5
    for file in "$run"/{postgres,rabbitmq,epmd}.pid; do ! alive "$file" || running=$(< "$home/ports"); done
    [[ -z $running || $running == "$INFRA_PORT" ]] \
        || fail "the servers of the set '$set_name' run on port $running: end them with deploy/local/down $set_name first"
    [[ -n $running ]] || require_free INFRA_PORT "PostgreSQL or RabbitMQ" $(seq "$INFRA_PORT" $((INFRA_PORT + 4)))
}

# require_free <setting> <who> <port...>
require_free() {
    local setting=$1 who=$2 port
    for port in "${@:3}"; do
        ! listening "$port" || fail "port $port, wanted by $who, is in use by another program: choose other ports with $setting=<number>"
    done
}

# password <name>: made at first use, kept for as long as the data
password() {
    local file=$home/passwords
    grep -s "^$1=" "$file" | cut -d= -f2 && return
    printf '%s=%s\n' "$1" "$(od -An -N18 -tx1 /dev/urandom | tr -d ' \n')" >> "$file"
    password "$1"
}

# connection_strings <service> <PostgreSQL's host and port> <RabbitMQ's host and port>
connection_strings() {
    cat <<END
ConnectionStrings__Database='Host=$2;Port=$3;Username=$1;Password=$(password "postgres-$1");Database=$1'
ConnectionStrings__Broker='amqp://$1:$(password "rabbitmq-$1")@$4:$5/callcenter'
END
}

# migration_settings <service> <PostgreSQL's host and port>: what brings its schema is told
migration_settings() {
    cat <<END
ConnectionStrings__Database='Host=$2;Port=$3;Username=${1}_owner;Password=$(password "postgres-${1}_owner");Database=$1'
Database__Role='$1'
Migrate='true'
END
}
