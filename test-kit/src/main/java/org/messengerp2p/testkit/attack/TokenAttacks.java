package org.messengerp2p.testkit.attack;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** All of them: what has been tried on verifiers of JWTs (RFC 8725 §2), and what is particular to these tokens. */
public final class TokenAttacks {
    private static final List<Function<TokenForge, List<Attack>>> KINDS =
            List.of(AlgorithmAttacks::by, HeaderAttacks::by, FormAttacks::by, ClaimAttacks::by);

    private TokenAttacks() {}

    public static List<Attack> by(TokenForge forge) {
        return KINDS.stream().flatMap(kind -> kind.apply(forge).stream()).toList();
    }

    /** Those that a service can be sent as a bearer token. */
    public static Stream<Attack> inHeaders(TokenForge forge) {
        return by(forge).stream().filter(Attack::fitsHeader);
    }
}
