/**
 * What the application did, in sentences for its page.
 */
@NullMarked
package io.github.dbtls.sample.journal;

import org.jspecify.annotations.NullMarked;
