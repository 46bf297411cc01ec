package org.messengerp2p.signaling.openapi;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.Map;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.jboss.jandex.IndexView;
import org.jboss.jandex.MethodInfo;
import org.messengerp2p.kit.identity.Audience;
import org.messengerp2p.signaling.Refuses;
import org.messengerp2p.testkit.openapi.ServiceApi;

/** Completes the document of signaling-service while the tests' application is built. */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public class SignalingDocument extends ServiceApi implements OASFilter {

    public SignalingDocument(IndexView index) {
        super(index, Refuses.class.getName(), Map.of(Audience.SIGNALING, "access"));
    }

    @Override
    protected Map<String, Map<String, Schema>> members() {
        return Map.of();
    }

    @Override
    protected boolean asksForLiveDevice(MethodInfo method) {
        return true;
    }
}
