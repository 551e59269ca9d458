package io.github.dbtls.testkit;

import java.security.Provider;

/**
 * Security providers that cannot be used.
 */
public final class FaultyProviders {

	private FaultyProviders() {
	}

	/**
	 * Without its native library.
	 */
	public static final class WithoutLibrary extends Provider {

		/**
		 * Fail as a provider does whose native library is not there.
		 */
		public WithoutLibrary() {
			super("WithoutLibrary", "1", "");
			throw new UnsatisfiedLinkError("no native library");
		}

	}

	/**
	 * Made by nobody but its author.
	 */
	public static final class WithParameter extends Provider {

		/**
		 * Make it.
		 * @param name its name
		 */
		public WithParameter(String name) {
			super(name, "1", "");
		}

	}

	/**
	 * With an entry for a class that is not there.
	 */
	public static final class Broken extends Provider {

		/**
		 * Make it.
		 */
		public Broken() {
			super("Broken", "1", "");
			put("SSLContext.TLS", "com.acme.NoSuchClass");
		}

	}

}
