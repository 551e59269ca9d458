/**
 * Guest book that shows how its own database connection is secured.
 */
@NullMarked
package io.github.dbtls.sample;

import org.jspecify.annotations.NullMarked;
