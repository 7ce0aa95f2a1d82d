/** What `wakey --help` says, and of each program `wakey help`. */
export const USAGE = `wakey: the Redis keyspace in a process

Usage: wakey [options] [command [argument ...]]
       wakey serve [redis.conf | dump.rdb] [options]
       wakey ui [redis://...] [options]
       wakey load dump.rdb [--into <where>] [--merge]
       wakey replay session.resp
       wakey help [command | @group]

Without -u, -h, -p or -s commands run on an empty engine in this process; with one of them on any RESP server.
Without a command: an interactive client where standard input is a terminal, else commands are read from it.
Options are those of redis-cli.

  -u <uri>                 redis://user:password@host:port/database, rediss:// for TLS; also in the environment variable WAKEY_URL
  -h, --host <host>        server's host (127.0.0.1 with -p)
  -p, --port <port>        server's port (6379 with -h)
  -s, --socket <path>      server's Unix socket
  -t <seconds>             how long connecting may take
  -4, -6                   addresses of IPv4, or IPv6, alone
  -a, --pass <password>    password; better in the environment variable WAKEY_PASSWORD or REDISCLI_AUTH
  --user <name>            user name for -a
  --askpass                ask for the password
  --no-auth-warning        do not warn of a password on the command line
  -n <db>                  database number
  --name <name>            name of the connection
  -c                       follow the redirections of a cluster
  -2, -3                   RESP2 (default where no terminal reads), RESP3 (default on a terminal)
  --raw, --no-raw          replies as values, with types (default: types on a terminal)
  --json, --quoted-json    replies as JSON; with everything but printable ASCII escaped
  --csv                    replies as CSV
  -d <text>, -D <text>     what stands between raw values, and behind a raw reply (a newline)
  --show-pushes <yes|no>   show RESP3's pushes (default: on a terminal)
  -r <times>               repeat the command; -i <seconds> waits in between
  -x, -X <tag>             the last argument, or the one that is <tag>, comes from standard input
  --quoted-input           arguments in quotes are read as in the client: '"\\x00"'
  --eval <file> [key ...] [, argument ...]
                           run a Lua script
  -e                       write errors to standard error, and stop at the first

  --scan                   the names of all keys
  --bigkeys, --memkeys     the largest keys of each type, by elements or bytes (--memkeys-samples <n>)
  --hotkeys                the keys used most, where maxmemory-policy is an LFU
    --pattern <glob>, --quoted-pattern <glob>, --count <n>, --type <type>, -i <seconds> (between scans)
  --stat                   a line of statistics each second (-i)
  --latency                how long PING takes; --latency-history: each 15 seconds (-i) anew; --latency-dist: as a spectrum
  --pipe                   send what standard input has, RESP or lines, and count the replies (--pipe-timeout <seconds>)
  --rdb <file>             write an RDB file; - is standard output

  --store <where>          on a folder instead: file:./data (engine in this process)
  --dialect <name>         redis, valkey, dicedb, dragonfly (engine in this process)
  --compat <release>       8.0, 8.2, 8.4, 8.6, 8.8 or 8.10: commands and replies of that Redis (the same)
  --databases <n>, --maxmemory <bytes>, --seed <n>
  --tls                    TLS, with --sni <host>, --cacert <file>, --cacertdir <folder>, --cert <file>, --key <file>,
                           --tls-ciphers <list>, --tls-ciphersuites <list>, --insecure (certificates are not checked)
  --help, --version

Environment: WAKEY_URL, WAKEY_PASSWORD, REDISCLI_AUTH, WAKEY_HISTFILE (~/.wakey_history), WAKEY_RCFILE (~/.wakeyrc: lines such as
":set nohints" and ":set nocolours"), NO_COLOR, PAGER.

wakey ui: a page on a server, any Redis: its keys and consoles. The options that say which server are those above; without
one it is 127.0.0.1:6379. Where they have a password, a certificate or a Unix socket, only the link that is printed opens it
  --web <port>             the page's port on 127.0.0.1 (8080, or the next that is free; 0: any)

wakey load: says what is in an RDB file
  --into <where>           puts it there instead, in the place of all that is there: file:./data
  --merge                  keys that are not in the file stay

wakey replay: plays a dialogue file, as the playground exports, and says what is answered otherwise; then it ends with 1

wakey serve: an RDB file is opened, and SAVE and the end write it. The parameters of a file whose name ends in .conf hold where no option
says otherwise, and CONFIG REWRITE writes it
  --port <port>            TCP port (6380; 0: none)
  --host, --bind <host>    address to listen on (127.0.0.1)
  --unixsocket <path>      also listen on a Unix socket
  --requirepass <password> clients must know it; better in the environment variable WAKEY_PASSWORD
  --aclfile <path>         users and what each may do, as Redis's ACL files
  --maxclients <n>, --timeout <seconds>, --protected-mode <yes|no>
  --enable-debug-command <no|yes|local>
  --store <where>          keep the data: file:./data (a folder that Redis can read, too)
  --appendfsync <always|everysec|no>
  --save "<s> <changes>"   write an RDB file after so many seconds, where there have been so many changes (default: never)
  --dialect <name>, --compat <release>, --databases <n>, --maxmemory <bytes>, --maxmemory-policy <name>, --seed <n>
  --reserve <bytes>        memory to have from the start: no command waits for it to grow until that much is used
  --cluster                the one node of a cluster: CLUSTER, CROSSSLOT
  --testing                for tests: WAKEY moves the clock and makes faults (WAKEY HELP)
  --shards <n>             a cluster of n nodes, in memory, on the port and those behind it (0: any free ones)
  --web <port>             also serve a page with the server's keys and consoles, on this port of 127.0.0.1
  --console                the interactive client on the same engine, where standard input is a terminal
`;

/** What is said of one program; undefined: there is none of this name. */
export function section(program: string): string | undefined {
  return USAGE.split("\n\n")
    .find((text) => text.startsWith(`wakey ${program}: `))
    ?.replace(/\n*$/, "\n");
}
