package org.messengerp2p.auth;

import io.vertx.sqlclient.ClosedConnectionException;
import io.vertx.sqlclient.DatabaseException;
import jakarta.persistence.PersistenceException;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.hibernate.HibernateException;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.kit.problem.ProblemException;
import org.messengerp2p.kit.problem.ProblemResponse;

/** A database that is away is 503 with Retry-After (MP2P/1 §20); a statement that it refuses is a defect. */
public class DatabaseFailures {
    private static final Logger LOG = Logger.getLogger(DatabaseFailures.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    @ServerExceptionMapper({
        PersistenceException.class,
        HibernateException.class,
        DatabaseException.class,
        ClosedConnectionException.class,
        CompletionException.class,
        IOException.class,
        TimeoutException.class
    })
    public Response answer(Exception failure) {
        if (meansAway(failure)) {
            LOG.warnf("The database does not answer (%s)", failure.getClass().getSimpleName());
            return ProblemResponse.of(ProblemException.retryAfter(
                    CommonProblem.UNAVAILABLE, "The service cannot reach its database; try again.", RETRY_AFTER));
        }
        LOG.error("A request failed by a defect", failure);
        return ProblemResponse.of(CommonProblem.DEFECT, "The service failed; nothing of the request was done.");
    }

    private static boolean meansAway(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof IOException
                    || at instanceof ClosedConnectionException
                    || at instanceof TimeoutException
                    || at instanceof SQLException refused && isTemporary(refused.getSQLState())
                    || at instanceof DatabaseException refusal && isTemporary(refusal.getSqlState())) {
                return true;
            }
        }
        return false;
    }

    /** Classes of SQLSTATE that speak of the server and not of the statement. */
    private static boolean isTemporary(String sqlState) {
        if (sqlState == null || sqlState.length() != 5) {
            return false;
        }
        return switch (sqlState.substring(0, 2)) {
            case "08", "40", "53", "57", "58" -> true; // connection, lost race, resources, operator, system
            case "25" -> sqlState.equals("25006"); // read-only: this server is a standby now
            default -> false;
        };
    }
}
