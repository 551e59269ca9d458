/**
 * Guest book and shop whose page shows live how their database connection is secured, and
 * what happens to it when certificates, authorities and servers change.
 */
@NullMarked
package io.github.dbtls.sample;

import org.jspecify.annotations.NullMarked;
