/**
 * The way from the application to the database, and who may stand in it.
 */
@NullMarked
package io.github.dbtls.sample.network;

import org.jspecify.annotations.NullMarked;
