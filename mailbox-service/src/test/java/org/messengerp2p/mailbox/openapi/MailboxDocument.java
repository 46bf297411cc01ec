package org.messengerp2p.mailbox.openapi;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.math.BigDecimal;
import java.util.Map;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.jboss.jandex.IndexView;
import org.jboss.jandex.MethodInfo;
import org.messengerp2p.kit.identity.Audience;
import org.messengerp2p.mailbox.Refuses;
import org.messengerp2p.testkit.openapi.ServiceApi;

/** Completes the document of mailbox-service while the tests' application is built. */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public class MailboxDocument extends ServiceApi implements OASFilter {

    public MailboxDocument(IndexView index) {
        super(index, Refuses.class.getName(), Map.of(Audience.MAILBOX, "access"));
    }

    @Override
    protected Map<String, Map<String, Schema>> members() {
        Schema listVersion = OASFactory.createSchema().ref("#/components/schemas/Version");
        Schema manifest = OASFactory.createSchema()
                .addType(Schema.SchemaType.INTEGER)
                .description("That of the stored manifest; 0 where there is none")
                .minimum(BigDecimal.ZERO)
                .maximum(BigDecimal.valueOf((1L << 53) - 1));
        return Map.of(
                "list-version", Map.of("list_version", listVersion), "manifest-version", Map.of("man_no", manifest));
    }

    /** Every call by a token looks into the directory (MP2P/1 §20 point 8). */
    @Override
    protected boolean asksForLiveDevice(MethodInfo method) {
        return true;
    }
}
