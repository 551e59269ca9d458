package io.github.dbtls.sample.embedded;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when the embedded database cannot be started.
 */
class EmbeddedDatabaseException extends RuntimeException {

	EmbeddedDatabaseException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
