/**
 * What went wrong, in the user's words.
 */
@NullMarked
package io.github.dbtls.diagnosis;

import org.jspecify.annotations.NullMarked;
