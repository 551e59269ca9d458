/**
 * Certificate authorities that live as long as the application, and what they issue.
 */
@NullMarked
package io.github.dbtls.sample.pki;

import org.jspecify.annotations.NullMarked;
