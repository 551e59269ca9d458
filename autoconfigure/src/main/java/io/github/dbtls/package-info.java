/**
 * Vocabulary of dbtls: what is decided about a connection, what was negotiated, and what
 * went wrong.
 */
@NullMarked
package io.github.dbtls;

import org.jspecify.annotations.NullMarked;
