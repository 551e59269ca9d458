/**
 * What benchmarks need of the product's package of this name.
 */
@NullMarked
package io.github.dbtls.tls;

import org.jspecify.annotations.NullMarked;
