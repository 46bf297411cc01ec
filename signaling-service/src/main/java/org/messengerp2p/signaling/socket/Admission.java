package org.messengerp2p.signaling.socket;

import io.netty.channel.Channel;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.websockets.next.HttpUpgradeCheck;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpServerConnection;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.messengerp2p.kit.identity.Caller;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.signaling.SignalingSettings;

/**
 * Who may open {@code /ws}. The token was verified before, by {@code @RolesAllowed} on the endpoint; this checks the
 * page's origin, and hands the device on to the endpoint.
 */
@ApplicationScoped
public class Admission implements HttpUpgradeCheck {

    private static final int BAD_REQUEST = 400;
    private static final int FORBIDDEN = 403;
    private static final int UNAVAILABLE = 503;

    private final OriginRule origins;
    private final Drain drain;
    private final SignalingSettings settings;

    Admission(OriginRule origins, Drain drain, SignalingSettings settings) {
        this.origins = origins;
        this.drain = drain;
        this.settings = settings;
    }

    @Override
    public boolean appliesTo(String endpointId) {
        return SignalingSocket.ID.equals(endpointId);
    }

    @Override
    public Uni<CheckResult> perform(HttpUpgradeContext upgrade) {
        HttpServerRequest request = upgrade.httpRequest();
        if (!origins.allows(request.getHeader(HttpHeaders.ORIGIN), request.authority())) {
            return CheckResult.rejectUpgrade(FORBIDDEN);
        }
        // Over HTTP/2 there is no connection of its own to upgrade.
        if (request.version() != HttpVersion.HTTP_1_1) {
            return CheckResult.rejectUpgrade(BAD_REQUEST);
        }
        if (drain.hasBegun()) {
            return CheckResult.rejectUpgrade(UNAVAILABLE);
        }
        return upgrade.securityIdentity().map(identity -> admit(identity, upgrade));
    }

    private CheckResult admit(SecurityIdentity identity, HttpUpgradeContext upgrade) {
        JsonWebToken token = (JsonWebToken) identity.getPrincipal();
        Caller caller = Caller.of(token);
        if (caller.device().isEmpty()) {
            return CheckResult.rejectUpgradeSync(FORBIDDEN);
        }
        Device device = caller.requireDevice();
        Channel channel = ((HttpServerConnection) upgrade.httpRequest().connection()).channel();
        Wire wire = Wire.prepare(channel, settings.maxFrame(), settings.silence());
        upgrade.userData().put(Admitted.KEY, new Admitted(device, TokenLife.endOf(token), wire));
        return CheckResult.permitUpgradeSync();
    }
}
