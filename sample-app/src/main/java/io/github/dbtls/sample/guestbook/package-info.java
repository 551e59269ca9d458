/**
 * The page: the connection as far as it is known when it is loaded, and the guest book.
 */
@NullMarked
package io.github.dbtls.sample.guestbook;

import org.jspecify.annotations.NullMarked;
