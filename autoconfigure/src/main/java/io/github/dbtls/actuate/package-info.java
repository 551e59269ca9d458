/**
 * What an operator sees while the application runs: health and meters.
 */
@NullMarked
package io.github.dbtls.actuate;

import org.jspecify.annotations.NullMarked;
