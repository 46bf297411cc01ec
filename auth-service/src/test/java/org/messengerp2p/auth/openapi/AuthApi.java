package org.messengerp2p.auth.openapi;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.jboss.jandex.DotName;
import org.jboss.jandex.IndexView;
import org.jboss.jandex.MethodInfo;
import org.messengerp2p.auth.Refuses;
import org.messengerp2p.auth.token.LiveCaller;
import org.messengerp2p.kit.identity.Audience;
import org.messengerp2p.testkit.openapi.ServiceApi;

/** Completes the document of auth-service while the tests' application is built. */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public class AuthApi extends ServiceApi implements OASFilter {
    private static final DotName LIVE_CALLER = DotName.createSimple(LiveCaller.class.getName());

    public AuthApi(IndexView index) {
        super(index, Refuses.class.getName(), schemes());
    }

    @Override
    protected Map<String, Map<String, Schema>> members() {
        return Map.of(
                "list-version", Map.of("list_version", form("Version")),
                "vault-version", Map.of("vault_version", form("Version")),
                "device-revoked", Map.of("token", form("Token")));
    }

    @Override
    protected boolean asksForLiveDevice(MethodInfo method) {
        return method.hasAnnotation(LIVE_CALLER) || method.declaringClass().hasDeclaredAnnotation(LIVE_CALLER);
    }

    private static Schema form(String name) {
        return OASFactory.createSchema().ref("#/components/schemas/" + name);
    }

    private static Map<String, String> schemes() {
        Map<String, String> schemes = new LinkedHashMap<>();
        schemes.put(Audience.AUTH, "access");
        schemes.put(Audience.AUTH_PENDING, "pending");
        schemes.put(Audience.AUTH_REVOKED, "revoked");
        return schemes;
    }
}
