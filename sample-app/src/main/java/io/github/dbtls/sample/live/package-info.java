/**
 * What goes on at this moment, as JSON: once, or as a stream of server-sent events. It is
 * read from where an operator would look: Boot's health, the endpoint {@code dbtls}, and
 * the pool.
 */
@NullMarked
package io.github.dbtls.sample.live;

import org.jspecify.annotations.NullMarked;
