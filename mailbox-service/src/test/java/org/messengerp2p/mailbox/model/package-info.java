/**
 * The API against a plain model in memory: step by step, where each answer must be the model's, and with many callers at
 * once, where each answer must be one that the model could have given at some moment of the call.
 */
package org.messengerp2p.mailbox.model;
