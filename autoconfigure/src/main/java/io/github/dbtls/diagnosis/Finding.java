package io.github.dbtls.diagnosis;

/**
 * What was recognised in the evidence of a failure.
 *
 * @param found what it is, in one or more sentences; where it is only likely, they say
 * "probably"
 * @param action what to do about it
 * @param advice what becomes of the provider's general advice about such failures
 */
record Finding(String found, String action, Advice advice) {

	/**
	 * Create a finding which the provider's general advice completes.
	 * @param found what it is
	 * @param action what to do about it
	 * @return the finding
	 */
	static Finding of(String found, String action) {
		return new Finding(found, action, Advice.LAST);
	}

	/**
	 * Create a finding that only adds something to the provider's general advice.
	 * @param found what it is
	 * @param action what to do about it
	 * @return the finding
	 */
	static Finding additional(String found, String action) {
		return new Finding(found, action, Advice.FIRST);
	}

	/**
	 * Create a finding that says all.
	 * @param found what it is
	 * @param action what to do about it
	 * @return the finding
	 */
	static Finding complete(String found, String action) {
		return new Finding(found, action, Advice.NEEDLESS);
	}

	/**
	 * What becomes of the general advice.
	 */
	enum Advice {

		/** It stands before the finding's own. */
		FIRST,

		/** It stands behind the finding's own. */
		LAST,

		/** The finding's own says all. */
		NEEDLESS

	}

}
