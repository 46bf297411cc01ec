package org.messengerp2p.mailbox;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.messengerp2p.kit.problem.CommonProblem;

/**
 * What a call refuses beside that which its form implies, for the OpenAPI document. Implied are what a body, a token
 * and a database can have wrong with them.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Refuses {
    MailboxProblem[] value() default {};

    CommonProblem[] common() default {};
}
