# shellcheck shell=bash
# A PostgreSQL of our own. Each service has a database, a role that reads and writes its rows, and one that owns its tables: only that
# one can change them, and only migrations use it.

postgres_open() {
    postgres=$home/postgres
    postgres_pid=$run/postgres.pid
    export PGHOST=127.0.0.1 PGPORT=$postgres_port PGUSER=admin PGDATABASE=postgres PGCONNECT_TIMEOUT=5
    PGPASSWORD=$(password postgres-admin)
    export PGPASSWORD
}

postgres_folder() {
    server_folder postgres "$set_name"
    postgres=$folder
}

# server_folder <name> <its name elsewhere>: a folder of the set that the server may use: $folder, of $postgres_owner.
# The server refuses root, and its user may not be able to pass through the folders above the repository.
server_folder() {
    folder=$home/$1
    if [[ ! -e $folder ]]; then
        if [[ $EUID == 0 ]]; then
            id postgres > /dev/null 2>&1 || fail "PostgreSQL refuses to run as root and there is no user 'postgres': run this as an ordinary user"
            mkdir "$folder"
            if ! runuser -u postgres -- test -x "$home"; then
                rmdir "$folder"
                ln -sfn "$(server_folder_elsewhere "$2")" "$folder"
            fi
            chown postgres: "$folder/"
        else
            rm -f "$folder"
            mkdir "$folder"
        fi
    fi
    folder=$(readlink -f "$folder")
    postgres_owner=$(stat -c %U "$folder")
    [[ $EUID == 0 || $postgres_owner == "$(id -un)" ]] || fail "$folder belongs to $postgres_owner"
}

server_folder_elsewhere() {
    local outside
    outside=$(elsewhere)
    [[ -d $outside ]] || mkdir -m 711 "$outside"
    [[ -O $outside && ! -L $outside ]] || fail "$outside belongs to somebody else"
    mkdir -p "$outside/$1"
    echo "$outside/$1"
}

elsewhere() {
    local outside
    outside=$(elsewhere)
    [[ -d $outside ]] || mkdir -m 711 "$outside"
    [[ -O $outside && ! -L $outside ]] || fail "$outside belongs to somebody else"
    mkdir -p "$outside/$set_name"
    echo "$outside/$set_name"
}

elsewhere() { echo "/var/tmp/callcenter-$(sha256sum <<< "$root" | cut -c1-12)"; }

as_postgres() (
    cd /
    if [[ $(id -un) == "$postgres_owner" ]]; then exec "$@"; else exec runuser -u "$postgres_owner" -- "$@"; fi
)

postgres_start() {
    postgres_folder
    local data=$postgres/data bin
    bin=$(postgres_programs "$data")

    if [[ ! -s $data/PG_VERSION ]]; then
        say "creating the database cluster"
        rm -rf "$data"
        as_postgres tee "$postgres/password" <<< "$PGPASSWORD" > /dev/null
        as_postgres "$bin/initdb" -D "$data" -U admin -A scram-sha-256 --pwfile="$postgres/password" -E UTF8 --locale=C.UTF-8 \
            --no-instructions > "$log/initdb.log" 2>&1 || { tail -5 "$log/initdb.log" >&2; fail "initdb refused: see $log/initdb.log"; }
        rm "$postgres/password"
    fi
    postgres_settings | as_postgres tee "$data/postgresql.conf" > /dev/null

    # After a kill -9 the children of the old server may need a moment to notice; until then the new one refuses.
    wait_until 20 postgres_launch "$bin" "$data" || { tail -5 "$postgres/log" >&2; fail "PostgreSQL does not start: see $postgres/log"; }
    wait_until 60 psql -Xqc 'select 1' > /dev/null 2>&1 || fail "PostgreSQL does not answer on port $postgres_port: see $postgres/log"
}

# Of the version that the data is of, or the newest there is.
postgres_programs() {
    local bin=${PGBIN:-$(newest_postgres)}
    if [[ -s $1/PG_VERSION && -x /usr/lib/postgresql/$(< "$1/PG_VERSION")/bin/postgres ]]; then
        bin=/usr/lib/postgresql/$(< "$1/PG_VERSION")/bin
    fi
    echo "$bin"
}

postgres_launch() {
    as_postgres "$1/pg_ctl" -D "$2" -l "$postgres/log" -w -t 60 start < /dev/null > /dev/null 2>&1 8>&- 9>&- \
        && remember "$postgres_pid" "$(head -1 "$2/postmaster.pid")"
}

# A dead client's locks must not outlive it by a minute: the leader of the daemon holds one.
postgres_settings() {
    cat <<END
listen_addresses = '127.0.0.1'
port = $postgres_port
unix_socket_directories = ''
max_connections = 350
shared_buffers = 256MB
max_wal_size = 2GB
client_connection_check_interval = '500ms'
timezone = 'UTC'
log_timezone = 'UTC'
END
    # Archiving goes nowhere until there is a backup (backup.sh): so it can be turned on without starting the server again.
    echo 'archive_mode = on'
    cat "$home/backup/archiving" 2> /dev/null || echo "archive_command = '/bin/true'"
    # Tests kill processes, not machines: what was committed is in the system's cache, with or without fsync.
    [[ $set_name != test* ]] || printf '%s\n' 'fsync = off' 'full_page_writes = off'
}

# What psql must be told; saying it again changes nothing.
postgres_roles() {
    local service role
    echo "revoke all on database postgres, template1 from public;"
    for service in "${services[@]}"; do
        for role in "$service" "${service}_owner"; do
            cat <<END
select 'create role $role login' where not exists (select from pg_roles where rolname = '$role') \gexec
alter role $role login nosuperuser nocreatedb nocreaterole password '$(password "postgres-$role")';
END
        done
        cat <<END
select 'create database $service owner ${service}_owner' where not exists (select from pg_database where datname = '$service') \gexec
alter database $service owner to ${service}_owner;
revoke all on database $service from public;
grant connect on database $service to $service;
\connect $service
reassign owned by $service to ${service}_owner;
\connect postgres
END
    done
}

postgres_up() {
    if alive "$postgres_pid"; then
        wait_until 60 psql -Xqc 'select 1' > /dev/null 2>&1 || fail "PostgreSQL runs but does not answer: see $postgres/log"
    else
        postgres_start
    fi
    postgres_roles | psql -Xq -v ON_ERROR_STOP=1 > /dev/null
    say "PostgreSQL on 127.0.0.1:$postgres_port"
}

postgres_down() { end_process "$run/postgres.pid" INT 60; }
