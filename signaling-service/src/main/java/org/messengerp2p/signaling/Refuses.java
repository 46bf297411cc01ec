package org.messengerp2p.signaling;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.messengerp2p.kit.problem.CommonProblem;

/** What a call refuses beside that which its form implies, for the OpenAPI document. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Refuses {
    CommonProblem[] value();
}
