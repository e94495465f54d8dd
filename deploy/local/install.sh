# shellcheck shell=bash
# The Debian packages, where they are missing.

newest_postgres() { find /usr/lib/postgresql/*/bin/initdb 2>/dev/null | sort -V | tail -1 | xargs -r dirname; }

missing_servers() {
    [[ -n ${PGBIN:-$(newest_postgres)} ]] || echo postgresql
    command -v psql > /dev/null || echo postgresql-client
    [[ -x /usr/lib/rabbitmq/bin/rabbitmq-server ]] || echo rabbitmq-server
    [[ -e /usr/share/zoneinfo/Asia/Jerusalem ]] || echo tzdata
}

# install_packages <package...>: none is no work
install_packages() {
    (($#)) || return 0
    local packages=("$@") policy=/usr/sbin/policy-rc.d cluster=/etc/postgresql-common/createcluster.d/callcenter.conf hint=
    [[ " $* " != *" postgresql "* ]] || hint=' (or set PGBIN to the folder of initdb)'

    local command="apt-get update && apt-get install -y ${packages[*]}"
    command -v apt-get > /dev/null || fail "missing on this machine: ${packages[*]}$hint"
    as_root true 2>/dev/null || fail "missing on this machine: ${packages[*]}. Run once: sudo sh -c '$command'"

    say "installing ${packages[*]} (only these, and none of them is started)"
    # Neither a cluster nor a broker of the machine's own: the packages ask these two files.
    # shellcheck disable=SC2016
    as_root env DEBIAN_FRONTEND=noninteractive sh -c '
        policy=$1 cluster=$2; shift 2
        umask 022
        test -e "$policy" || { printf "#!/bin/sh\nexit 101\n" > "$policy"; chmod 755 "$policy"; ours=$policy; }
        test -e /etc/postgresql-common || fresh=yes
        mkdir -p "${cluster%/*}"; echo "create_main_cluster = false" > "$cluster"
        apt-get -o DPkg::Lock::Timeout=300 update && apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "$@"
        code=$?
        rm -f "$cluster" $ours
        exit $code' sh "$policy" "$cluster" "${packages[@]}" > "$log/apt.log" 2>&1 < /dev/null \
        || { tail -5 "$log/apt.log" >&2; fail "the packages could not be installed: $command"; }
}
