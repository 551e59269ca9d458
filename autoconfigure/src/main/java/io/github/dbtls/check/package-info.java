/**
 * A check of a server's TLS from the command line, without an application and without a
 * login.
 */
@NullMarked
package io.github.dbtls.check;

import org.jspecify.annotations.NullMarked;
