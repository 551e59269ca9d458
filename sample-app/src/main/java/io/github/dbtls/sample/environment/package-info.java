/**
 * Check of the environment variables that the profile of a provider needs.
 */
@NullMarked
package io.github.dbtls.sample.environment;

import org.jspecify.annotations.NullMarked;
