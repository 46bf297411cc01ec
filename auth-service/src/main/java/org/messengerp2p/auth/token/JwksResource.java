package org.messengerp2p.auth.token;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.messengerp2p.auth.Refuses;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.kit.problem.ProblemException;

/** The public keys (RFC 7517): the one that signs, the next one, and those whose tokens may still be alive. */
@Path("/api/auth/v1/jwks")
public class JwksResource {
    // Less than a key is published ahead of its first signature.
    private static final String CACHE = "public, max-age=60";

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final KeyRing ring;

    JwksResource(KeyRing ring) {
        this.ring = ring;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(operationId = "jwks", summary = "The keys that verify access tokens (RFC 7517)")
    @APIResponse(
            responseCode = "200",
            description = "OK",
            content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(ref = "Jwks")))
    @Refuses(common = CommonProblem.UNAVAILABLE)
    public Response keys() {
        if (!ring.loaded()) {
            throw ProblemException.retryAfter(
                    CommonProblem.UNAVAILABLE, "The service is starting; try again shortly.", RETRY_AFTER);
        }
        List<Map<String, Object>> keys =
                ring.published().stream().map(JwksResource::jwk).toList();
        return Response.ok(Map.of("keys", keys))
                .header(HttpHeaders.CACHE_CONTROL, CACHE)
                .build();
    }

    private static Map<String, Object> jwk(KeyRing.Key key) {
        RsaJsonWebKey jwk = new RsaJsonWebKey(key.publicKey());
        jwk.setKeyId(key.id());
        jwk.setUse("sig");
        jwk.setAlgorithm(AlgorithmIdentifiers.RSA_PSS_USING_SHA256);
        return jwk.toParams(OutputControlLevel.PUBLIC_ONLY);
    }
}
