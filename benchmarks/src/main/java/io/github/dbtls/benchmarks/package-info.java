/**
 * What a TLS connection costs.
 */
@NullMarked
package io.github.dbtls.benchmarks;

import org.jspecify.annotations.NullMarked;
