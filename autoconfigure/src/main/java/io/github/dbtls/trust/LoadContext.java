package io.github.dbtls.trust;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * What reading depends on besides the source; tests replace parts of it.
 *
 * @param clock tells which certificates have expired
 * @param classLoader where {@code classpath:} looks, or {@code null} for the bootstrap
 * class loader
 * @param limits how much is read at most
 * @param opener opens a regular file
 */
record LoadContext(Clock clock, @Nullable ClassLoader classLoader, Limits limits, Opener opener) {

	static LoadContext standard() {
		return new LoadContext(Clock.systemUTC(), ClassUtils.getDefaultClassLoader(), Limits.STANDARD,
				Files::newInputStream);
	}

	@FunctionalInterface
	interface Opener {

		InputStream open(Path file) throws IOException;

		/**
		 * Return what was read of a file before.
		 * @param file the file
		 * @return its content, to be used instead of opening it, or {@code null}
		 */
		default byte @Nullable [] held(Path file) {
			return null;
		}

	}

}
