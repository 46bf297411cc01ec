package org.messengerp2p.standalone.web;

import io.vertx.core.MultiMap;
import java.util.Map;

/** Response headers of the page and the API (web UI §3.1, deployment §2). */
final class SecurityHeaders {

    static final String CSP = "Content-Security-Policy";

    /** Whether a response is of the page, of the core worker, or of neither: exactly one policy on each. */
    static final String PAGE_CSP = csp("'self'");

    static final String WORKER_CSP = csp("'self' 'wasm-unsafe-eval'");
    static final String ANSWER_CSP = "default-src 'none'; frame-ancestors 'none'";

    /** No Strict-Transport-Security: it would bind every other service on the name localhost. */
    private static final Map<String, String> ON_EVERY_RESPONSE = Map.of(
            "X-Content-Type-Options", "nosniff",
            "Referrer-Policy", "no-referrer",
            "Cross-Origin-Opener-Policy", "same-origin",
            "Cross-Origin-Embedder-Policy", "require-corp",
            "Cross-Origin-Resource-Policy", "same-origin",
            "Origin-Agent-Cluster", "?1",
            "X-Frame-Options", "DENY",
            "Permissions-Policy",
                    "accelerometer=(), autoplay=(), bluetooth=(), camera=(self), clipboard-read=(),"
                            + " clipboard-write=(self), display-capture=(), encrypted-media=(), fullscreen=(self),"
                            + " geolocation=(), gyroscope=(), hid=(), idle-detection=(), local-fonts=(),"
                            + " magnetometer=(), microphone=(), midi=(), payment=(), picture-in-picture=(),"
                            + " publickey-credentials-get=(self), screen-wake-lock=(), serial=(), usb=(),"
                            + " window-management=(), xr-spatial-tracking=()");

    private SecurityHeaders() {}

    static void addTo(MultiMap headers) {
        ON_EVERY_RESPONSE.forEach(headers::set);
    }

    private static String csp(String scripts) {
        return "default-src 'none'; script-src " + scripts + "; style-src 'self'; img-src 'self' blob:;"
                + " media-src 'self' blob:; font-src 'self'; connect-src 'self'; worker-src 'self';"
                + " manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
                + " require-trusted-types-for 'script'; trusted-types app";
    }
}
