/**
 * What benchmarks need of the product's package of this name.
 */
@NullMarked
package io.github.dbtls.actuate;

import org.jspecify.annotations.NullMarked;
