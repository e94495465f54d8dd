# shellcheck shell=bash
# pgBackRest for the PostgreSQL of a set, and beside it the files that the services keep. A repository is a folder with both:
# the set's own, .local/<set>/backup, and a second one where BACKUP_SECOND says, best on another machine's disk.

stanza=callcenter
kept=(recordings imports mail keys passwords)

backup_open() {
    find_set "$1"
    [[ -s $home/ports && -s $home/passwords ]] || fail "there is no set '$set_name' yet: make run"
    command -v pgbackrest > /dev/null || install_packages pgbackrest
    postgres_port=$(< "$home/ports")
    postgres_open
    postgres_folder
    server_folder backup "$set_name-backup"
    backup=$folder
    exec 8> "$home/backup.lock"
    flock -w 600 8 || fail "another backup, inspection or restore has been working on the set '$set_name' for 10 minutes"

    repositories=("$backup")
    as_postgres mkdir -p "$backup/log"
    backup_second
    backup_settings | as_postgres tee "$config" > /dev/null
}

# The second repository is remembered. While its disk is away the first one goes on by itself, and a backup says so and fails.
backup_second() {
    local place=${BACKUP_SECOND:-}
    second_away=
    config=$backup/first.conf
    if [[ -n $place ]]; then
        [[ $place =~ ^/[^\'\"[:space:]]*$ ]] || fail "BACKUP_SECOND is a folder from the root on, without spaces: /media/other"
        [[ -d $place ]] || fail "$place is not there: is the other disk mounted?"
        mkdir -p "$place/callcenter-$set_name"
        [[ $EUID != 0 ]] || chown "$postgres_owner": "$place/callcenter-$set_name"
        as_postgres test -w "$place/callcenter-$set_name" || fail "$postgres_owner, who runs PostgreSQL, may not write to $place"
        echo "$place/callcenter-$set_name" > "$home/backup-second"
    fi
    [[ -s $home/backup-second ]] || return 0
    place=$(< "$home/backup-second")
    [[ -d $place ]] || { second_away=$place; say "$place is away: only the first place for backups is looked at"; return 0; }
    config=$backup/both.conf
    repositories+=("$place")
}

backup_settings() {
    local i
    echo '[global]'
    for ((i = 1; i <= ${#repositories[@]}; i++)); do
        printf '%s\n' "repo$i-path=${repositories[i - 1]}/postgres" "repo$i-retention-full=${BACKUP_FULLS:-3}" "repo$i-bundle=y"
    done
    cat <<END
spool-path=$backup/spool
lock-path=$backup/lock
log-path=$backup/log
archive-async=y
compress-type=zst
start-fast=y
process-max=2

[$stanza]
pg1-path=$postgres/data
pg1-port=$postgres_port
pg1-user=$PGUSER
pg1-database=$PGDATABASE
END
}

# What PostgreSQL is told about it. A segment leaves at the latest after 30 s, so that less than a minute can be lost.
archive_settings() {
    local settings=$backup/first.conf
    [[ ! -s $home/backup-second ]] || settings="\$(test -d $(< "$home/backup-second") && echo $backup/both.conf || echo $backup/first.conf)"
    cat <<END
archive_command = 'pgbackrest --config="$settings" --stanza=$stanza archive-push %p'
archive_timeout = 30
END
}

# backrest <arguments>: ends with its own words when it fails; $said is what it said
backrest() {
    said=$(as_postgres pgbackrest --config="$config" --stanza="$stanza" "$@" 2>&1 8>&-) && return
    printf '%s\n' "$said" >> "$log/backup.log"
    fail "pgbackrest ${*: -1}: $(sed -n 's/^.*ERROR: *\(\[[0-9]*\]: \)\?//p' <<< "$said" | head -3 | paste -sd ' ')"
}

archive_to_repositories() { archive_settings | as_postgres tee "$backup/archiving" > /dev/null; }

# Whether the cluster that runs is the one of the backup, and not one made anew after a loss.
is_backed_up() {
    local id
    id=$(psql -XAtc 'select system_identifier from pg_control_system()')
    [[ $(backrest_info) == *"\"system-id\":$id,"* ]]
}

# From here on the archive goes to the repositories.
backup_begin() {
    alive "$postgres_pid" || fail "PostgreSQL of the set '$set_name' does not run: make run"
    [[ $(psql -XAtc 'show archive_mode') == on ]] \
        || fail "this PostgreSQL was started when it could not archive yet: make stop, make run, and then again"
    [[ $(backrest_info) != *'"system-id"'* ]] || is_backed_up \
        || fail "the cluster that runs is not the one of the backup: make restore, or move ${repositories[*]} away to begin anew"
    if ! cmp -s <(archive_settings) "$home/backup/archiving"; then
        archive_to_repositories
        postgres_settings | as_postgres tee "$postgres/data/postgresql.conf" > /dev/null
        psql -Xqc 'select pg_reload_conf()' > /dev/null
    fi
    backrest stanza-create
}

backrest_info() {
    as_postgres pgbackrest --config="$config" --stanza="$stanza" --output=json "$@" info 2>> "$log/backup.log" 8>&-
}

# backups_in <number of a repository>: label, kind, start, end (seconds since 1970) and bytes, oldest first
backups_in() {
    local bytes='"repository":\{"delta":([0-9]+)' label='"label":"([^"]+)"' times='"timestamp":\{"start":([0-9]+),"stop":([0-9]+)\}'
    { backrest_info --repo="$1"; echo; } | sed 's/"archive":{"start"/\n&/g' \
        | sed -nE "/\"error\":true/d; s/.*$bytes.*$label.*$times,\"type\":\"([a-z]+)\".*/\\2 \\5 \\3 \\4 \\1/p"
}

# backup_take <full|incr|next>: next is what the repository lacks: a full one first, increments after it
backup_take() {
    local i kind place
    backup_begin
    for ((i = 1; i <= ${#repositories[@]}; i++)); do
        kind=$1
        [[ $kind == full ]] || if [[ -n $(backups_in "$i") ]]; then kind=incr; else kind=full; fi
        say "$kind backup of the databases to ${repositories[i - 1]}"
        backrest --repo="$i" --type="$kind" backup
    done
    # After the databases: a file is there before a database names it.
    for place in "${repositories[@]}"; do files_take "$place/files"; done
    backup_result
    [[ -z $second_away ]] || fail "$second_away is away: this backup is in one place only"
}

# The last line is for programs: the job of the product reads it.
backup_result() {
    local label kind start end bytes places
    read -r label kind start end bytes < <(backups_in 1 | tail -1)
    places=$(printf ',"%s"' "${repositories[@]}")
    say "$kind backup $label: $bytes bytes of databases in $((end - start)) s, $(files_count) files"
    echo "{\"kind\":\"$kind\",\"label\":\"$label\",\"bytes\":$bytes,\"files\":$(files_count),\"repositories\":[${places#,}]}"
}

# ---- Files: each content once, under its sha-256; a manifest for each backup says which file had which content.

# A line of a manifest: sha-256, bytes, time, name. A name that begins with a dot is an upload that is still arriving.
files_there() { (cd "$home" && find "${kept[@]}" -type f ! -name '.*' -printf '%s %T@ %p\n' 2> /dev/null || true) | sort; }

newest_manifest() { find "$1" -maxdepth 1 -name '*.manifest' | sort | tail -1; }

files_count() { wc -l < "$(newest_manifest "$backup/files")"; }

# files_take <folder>
files_take() {
    local files=$1 work=$1/work former sum name
    rm -rf "$work"
    mkdir -p "$work/copies" "$files/objects"
    former=$(newest_manifest "$files")
    files_there > "$work/there"

    # What has the size and the time of the former manifest has its content, too; the rest is read.
    awk 'FNR == NR { there[$0]; next } { sum = $1; sub(/^[^ ]* /, "") } $0 in there { print sum, $0 }' \
        "$work/there" "${former:-/dev/null}" > "$work/manifest"
    comm -13 <(cut -d' ' -f2- "$work/manifest" | sort) "$work/there" > "$work/new"
    (cd "$home" && cut -d' ' -f3- "$work/new" | tr '\n' '\0' | xargs -0r sha256sum --) | cut -c1-64 \
        | paste -d' ' - "$work/new" >> "$work/manifest"
    [[ -s $work/new ]] || sed -i '/^ *$/d' "$work/manifest"

    while read -r sum _ _ name; do
        [[ -e $files/objects/$sum ]] || cp -- "$home/$name" "$work/copies/$sum"
    done < "$work/manifest"
    for sum in $(copies_that_differ "$work/copies"); do
        name=$(sed -n "s/^$sum //p" "$work/manifest" | head -1)
        ! files_there | grep -qxF "$name" || fail "the copy in $files differs from ${name#* * }"
        say "${name#* * } is being written to: the next backup has it"
        sed -i "/^$sum /d" "$work/manifest"
        rm "$work/copies/$sum"
    done
    find "$work/copies" -type f -exec mv -t "$files/objects" {} +
    mv "$work/manifest" "$files/$(date -u +%Y%m%dT%H%M%SZ).manifest"
    rm -rf "$work"
    files_check "$files" size
    files_expire "$files"
    say "recordings, imports, mail and keys to $files: $(
        awk '{ bytes += $2 } END { printf "%d files, %d bytes", NR, bytes }' "$(newest_manifest "$files")")"
}

copies_that_differ() {
    (cd "$1" && find . -type f -printf '%f  %f\n' | sha256sum --check --quiet 2> /dev/null | sed -n 's/: FAILED$//p') || true
}

# files_check <folder> [size]: that every content a manifest names is there, by its size or read whole
files_check() {
    local damaged
    damaged=$(
        cd "$1"
        cut -d' ' -f1,2 ./*.manifest | sort -u > wanted
        if [[ ${2:-} == size ]]; then
            find objects -type f -printf '%f %s\n' | sort
        else
            find objects -type f -exec sha256sum {} + | while read -r sum name; do
                echo "$sum $(stat -c %s "$name")"
                [[ $sum == "${name#objects/}" ]] || echo "damaged: ${name#objects/}"
            done | sort
        fi | comm -13 - wanted
        rm wanted
    )
    [[ -z $damaged ]] || fail "files missing or damaged in $1, $(wc -l <<< "$damaged") of them: $(
        files_named "$1" "$damaged" | head -3 | paste -sd ' ')"
}

# files_named <folder> <sums>: the names that the manifests give to contents
files_named() { grep -hFf <(cut -d' ' -f1 <<< "$2") "$1"/*.manifest | cut -d' ' -f4- | sort -u; }

# Manifests of before the oldest backup of the databases go, and then what no manifest names.
files_expire() {
    local manifest oldest
    oldest=$(for ((i = 1; i <= ${#repositories[@]}; i++)); do backups_in "$i"; done | awk '{ print $3 }' | sort -n | head -1)
    for manifest in "$1"/*.manifest; do
        (($(stat -c %Y "$manifest") >= ${oldest:-0})) || rm "$manifest"
    done
    comm -23 <(find "$1/objects" -type f -printf '%f\n' | sort) <(cut -d' ' -f1 "$1"/*.manifest | sort -u) \
        | while read -r sum; do rm "$1/objects/$sum"; done
}

# ---- Looking at them

shown_time() { date -d "@$1" '+%F %T %:z'; }

# The moments between which everything can be restored; the last is when a segment arrived last.
first_moment() { for ((i = 1; i <= ${#repositories[@]}; i++)); do backups_in "$i"; done | awk '{ print $4 }' | sort -n | head -1; }
last_moment() {
    { find "${repositories[@]/%//postgres/archive/$stanza}" -type f -name '[0-9A-F]*-*' -printf '%T@\n' 2> /dev/null || true; } \
        | sort -n | tail -1 | cut -d. -f1
}

backup_list() {
    local i label kind start end bytes first last
    for ((i = 1; i <= ${#repositories[@]}; i++)); do
        say "in ${repositories[i - 1]}:"
        while read -r label kind start end bytes; do
            printf '       %-4s  %s  took %3d s  %11d bytes  %s\n' "$kind" "$(shown_time "$start")" $((end - start)) "$bytes" "$label"
        done < <(backups_in "$i")
    done
    first=$(first_moment) last=$(last_moment)
    [[ -n $first ]] || fail "there is no backup of the set '$set_name' yet: make backup"
    if ((last > first)); then
        say "any moment can be restored from $(shown_time "$first") to $(shown_time "$last")"
    else
        say "$(shown_time "$first") can be restored, and any moment after it as the log arrives, every 30 s where something is written"
    fi
}

# faults_in <what verify said>: the lines with a count other than none, each behind the line that says of what
faults_in() { awk '/(missing|invalid|other): [1-9]/ { print of ";" $0 } { of = $0 }' <<< "$1" | tr -s ' ' | head -3 | paste -sd ' '; }

# Reads everything there is in the repositories and compares it with its check sums.
backup_verify() {
    local i wrong=()
    [[ -n $(first_moment) ]] || fail "there is no backup of the set '$set_name' yet: make backup"
    for ((i = 1; i <= ${#repositories[@]}; i++)); do
        [[ -n $(backups_in "$i") ]] || wrong+=("${repositories[i - 1]} holds no backup")
        backrest --repo="$i" --output=text --verbose verify
        printf '%s\n' "$said" >> "$log/backup.log"
        # It ends well whatever it finds; what it finds is in its words.
        ! grep -q 'status: error' <<< "$said" || wrong+=("${repositories[i - 1]}: $(faults_in "$said")")
        say "read: ${repositories[i - 1]}/postgres"
    done
    ((${#wrong[@]} == 0)) || fail "the backup is damaged: ${wrong[*]}"
    for i in "${repositories[@]}"; do files_check "$i/files"; say "read: $i/files"; done
    if alive "$postgres_pid"; then backrest check; say "a segment of the log arrives in every repository"; fi
    [[ -z $second_away ]] || fail "$second_away is away: what is in it was not read"
    say "everything is there and is what it was"
}
