/**
 * Certificate files, whatever their format, read into the authorities that are trusted.
 */
@NullMarked
package io.github.dbtls.trust;

import org.jspecify.annotations.NullMarked;
