/**
 * Auto-configuration of dbtls: properties, the post-processor that secures pools, and
 * failure analysis.
 */
@NullMarked
package io.github.dbtls.autoconfigure;

import org.jspecify.annotations.NullMarked;
