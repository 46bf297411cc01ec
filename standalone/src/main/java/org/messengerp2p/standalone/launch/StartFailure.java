package org.messengerp2p.standalone.launch;

import io.quarkus.runtime.QuarkusBindException;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.ConfigValidationException;
import java.util.stream.Stream;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.jboss.logging.Logger;
import org.messengerp2p.standalone.CannotStart;

/** What a person can do about a failure of the services to start; the whole of it goes to the log file. */
final class StartFailure {

    private StartFailure() {}

    static String sentence(Throwable failure) {
        return causes(failure)
                .map(StartFailure::known)
                .filter(sentence -> sentence != null)
                .findFirst()
                .orElseGet(() -> unknown(failure));
    }

    private static String known(Throwable cause) {
        if (cause instanceof CannotStart reason) {
            return reason.getMessage();
        }
        if (cause instanceof QuarkusBindException bind) {
            return "Port " + bind.getPort() + " on " + bind.getHost() + " is in use; set another.";
        }
        if (cause instanceof FlywayValidateException) {
            return "The data were written by a newer version of Messenger; start that version or a newer one.";
        }
        if (cause instanceof ConfigValidationException invalid) {
            return "A setting is wrong: "
                    + invalid.getMessage().replaceAll("\\s+", " ").strip() + ".";
        }
        if (cause instanceof ConfigurationException wrong) {
            return "A setting is wrong: " + wrong.getMessage();
        }
        return null;
    }

    private static String unknown(Throwable failure) {
        Logger.getLogger(StartFailure.class).error("The services do not start", failure);
        Throwable root = causes(failure).reduce((outer, inner) -> inner).orElse(failure);
        return "The services do not start (" + root.getClass().getSimpleName() + ": " + root.getMessage()
                + "); log/messenger.log in the data directory tells more.";
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(50);
    }
}
