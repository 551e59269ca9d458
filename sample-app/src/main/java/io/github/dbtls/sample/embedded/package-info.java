/**
 * Embedded MariaDB that stands in for a database in the cloud.
 */
@NullMarked
package io.github.dbtls.sample.embedded;

import org.jspecify.annotations.NullMarked;
