/**
 * Orders that come in all the time, so that one sees what an outage does to them. Plain
 * code of an application: it knows that a database may be away, and nothing of TLS.
 */
@NullMarked
package io.github.dbtls.sample.orders;

import org.jspecify.annotations.NullMarked;
