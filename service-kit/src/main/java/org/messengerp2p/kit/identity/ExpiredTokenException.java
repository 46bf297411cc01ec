package org.messengerp2p.kit.identity;

import io.smallrye.jwt.auth.principal.ParseException;

/** The token was good once; a refresh helps. */
public final class ExpiredTokenException extends ParseException {

    public ExpiredTokenException() {
        super("the token has expired");
    }
}
