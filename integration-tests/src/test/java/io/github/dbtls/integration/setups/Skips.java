package io.github.dbtls.integration.setups;

import org.apache.commons.logging.LogFactory;
import org.opentest4j.TestAbortedException;

/**
 * Skips tests aloud: a green build must not hide what it did not test.
 */
final class Skips {

	private Skips() {
	}

	/**
	 * Go on only if something holds.
	 * @param condition what has to hold
	 * @param test what is skipped otherwise
	 * @param reason why
	 */
	static void unless(boolean condition, String test, String reason) {
		if (!condition) {
			LogFactory.getLog(Skips.class).warn("SKIPPED: %s: %s".formatted(test, reason));
			throw new TestAbortedException(reason);
		}
	}

}
