# shellcheck shell=bash
# A RabbitMQ of our own, with an epmd of its own: one user for each service.

rabbitmq_open() {
    rabbitmq=$home/rabbitmq
    rabbitmq_pid=$run/rabbitmq.pid
    epmd_pid=$run/epmd.pid
}

rabbitmq_start() {
    mkdir -p "$rabbitmq"/{home,data}
    rabbitmq_settings > "$rabbitmq/rabbitmq.conf"
    rabbitmq_definitions > "$rabbitmq/definitions.json"
    echo '[rabbitmq_management].' > "$rabbitmq/plugins"

    if ended "$epmd_pid"; then
        setsid epmd -port "$epmd_port" -address 127.0.0.1 < /dev/null > "$log/epmd.log" 2>&1 9>&- &
        remember "$epmd_pid" $!
        wait_until 10 listening "$epmd_port" || fail "epmd does not start: see $log/epmd.log"
    fi
    rabbitmq_launch < /dev/null > "$log/rabbitmq.log" 2>&1 9>&- &
    remember "$rabbitmq_pid" $!
}

# What the node and the tool that speaks with it have to agree on.
rabbitmq_environment() {
    export HOME=$rabbitmq/home RABBITMQ_CONF_ENV_FILE=/dev/null RABBITMQ_NODENAME=callcenter-$set_name@localhost
    export ERL_EPMD_PORT=$epmd_port ERL_EPMD_ADDRESS=127.0.0.1
}

rabbitmq_launch() {
    cd "$rabbitmq"
    rabbitmq_environment
    export RABBITMQ_CONFIG_FILE=$rabbitmq/rabbitmq.conf RABBITMQ_ENABLED_PLUGINS_FILE=$rabbitmq/plugins
    export RABBITMQ_MNESIA_BASE=$rabbitmq/data RABBITMQ_LOG_BASE=$log RABBITMQ_LOGS=$log/rabbitmq-node.log
    export RABBITMQ_PID_FILE=$rabbitmq/pid RABBITMQ_DIST_PORT=$dist_port
    # One scheduler that sleeps when there is nothing to do: the services need the machine's cores.
    export RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="+S 1:1 +sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}"
    # Without it a shell stays in front of the node, and the id we remember would be that shell's.
    export RUNNING_UNDER_SYSTEMD=true
    exec setsid /usr/lib/rabbitmq/bin/rabbitmq-server
}

rabbitmq_settings() {
    cat <<END
listeners.tcp.1 = 127.0.0.1:$amqp_port
management.tcp.ip = 127.0.0.1
management.tcp.port = $management_port
load_definitions = $rabbitmq/definitions.json
vm_memory_high_watermark.absolute = 1GiB
disk_free_limit.absolute = 200MB
raft.wal_max_size_bytes = 64000000
log.console = false
log.file.level = warning
END
}

# A service owns what bears its name and publishes its own facts. It may declare and read every fact, because a consumer
# declares the exchange it binds its queue to; MassTransit's own exchanges carry the faults.
rabbitmq_definitions() {
    local users permissions service own
    users="{\"name\":\"admin\",\"password\":\"$(password rabbitmq-admin)\",\"tags\":\"administrator\"}"
    permissions='{"user":"admin","vhost":"/","configure":".*","write":".*","read":".*"},{"user":"admin","vhost":"callcenter","configure":".*","write":".*","read":".*"}'
    for service in "${services[@]}"; do
        own="$service([-_].*)?|MassTransit:.*"
        users+=",{\"name\":\"$service\",\"password\":\"$(password "rabbitmq-$service")\",\"tags\":\"\"}"
        permissions+=",{\"user\":\"$service\",\"vhost\":\"callcenter\",\"configure\":\"^($own|CallCenter[.]Contracts[.:].*)\$\""
        permissions+=",\"write\":\"^($own|CallCenter[.]Contracts([.]${service^})?:.*)\$\",\"read\":\"^($own|CallCenter[.]Contracts[.:].*)\$\"}"
    done
    echo "{\"vhosts\":[{\"name\":\"/\"},{\"name\":\"callcenter\"}],\"users\":[$users],\"permissions\":[$permissions]}"
}

# The listener opens after everything else, definitions included.
rabbitmq_ready() { ended "$rabbitmq_pid" || listening "$amqp_port"; }

rabbitmq_wait() {
    wait_until 180 rabbitmq_ready && alive "$rabbitmq_pid" && { say "RabbitMQ on 127.0.0.1:$amqp_port, its pages on http://127.0.0.1:$management_port"; return; }
    tail -5 "$log/rabbitmq.log" "$log/rabbitmq-node.log" >&2
    fail "RabbitMQ does not start: see $log/rabbitmq.log and $log/rabbitmq-node.log"
}

rabbitmq_down() {
    end_process "$run/rabbitmq.pid" TERM 30
    end_process "$run/epmd.pid" TERM 10
}
