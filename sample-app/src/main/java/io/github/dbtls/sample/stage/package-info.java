/**
 * Demonstrations that act on the embedded database and what surrounds it.
 */
@NullMarked
package io.github.dbtls.sample.stage;

import org.jspecify.annotations.NullMarked;
