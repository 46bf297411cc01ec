package org.messengerp2p.bench.ejabberd;

import java.nio.file.Path;
import java.util.Optional;

/** {@code ejabberd.yml}. */
final class Configuration {

    private static final String TEMPLATE = """
            hosts: [localhost]
            loglevel: warning
            log_rotate_count: 0
            default_db: sql
            auth_method: [sql]
            auth_password_format: plain
            auth_use_cache: false
            sql_type: pgsql
            sql_server: 127.0.0.1
            sql_port: %d
            sql_database: "%s"
            sql_username: postgres
            sql_password: postgres
            sql_pool_size: 10
            websocket_ping_interval: 600
            websocket_timeout: 1200
            listen:
              -
                port: %d
                ip: "127.0.0.1"
                module: ejabberd_http
            %s\
                request_handlers:
                  /ws: ejabberd_http_ws
            %s\
            acl: {}
            access_rules:
              c2s: {allow: all}
            shaper_rules:
              max_user_offline_messages: {10000: all}
              max_user_sessions: {10: all}
            modules:
              mod_offline:
                db_type: sql
                access_max_user_messages: max_user_offline_messages
                store_empty_body: false
                use_cache: true
            """;

    private static final String TLS = """
                tls: true
                certfile: "%s"
            """;

    private static final String CERTIFICATE = """
            certfiles:
              - "%s"
            """;

    private Configuration() {}

    /** @param certificate with its key; empty for none */
    static String of(int port, int databasePort, String database, Optional<Path> certificate) {
        return TEMPLATE.formatted(
                databasePort,
                database,
                port,
                certificate.map(TLS::formatted).orElse(""),
                certificate.map(CERTIFICATE::formatted).orElse(""));
    }
}
