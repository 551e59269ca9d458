/**
 * One page: the connection report above, the guest book below.
 */
@NullMarked
package io.github.dbtls.sample.guestbook;

import org.jspecify.annotations.NullMarked;
