/** How accounts begin and devices come and go: the requests that change several rooms in one transaction. */
package org.messengerp2p.auth.enrolment;
