/**
 * Keeps other sites from acting through the browser of whoever looks at the page.
 */
@NullMarked
package io.github.dbtls.sample.origin;

import org.jspecify.annotations.NullMarked;
