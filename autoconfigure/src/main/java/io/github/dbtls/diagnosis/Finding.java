package io.github.dbtls.diagnosis;

/**
 * What was recognised in the evidence of a failure.
 *
 * @param found what it is, in one or more sentences; where it is only likely, they say
 * "probably"
 * @param action what to do about it
 * @param complete whether the provider's general advice about such failures would add
 * nothing to it
 */
record Finding(String found, String action, boolean complete) {

	/**
	 * Create a finding which the provider's general advice completes.
	 * @param found what it is
	 * @param action what to do about it
	 * @return the finding
	 */
	static Finding of(String found, String action) {
		return new Finding(found, action, false);
	}

	/**
	 * Create a finding that says all.
	 * @param found what it is
	 * @param action what to do about it
	 * @return the finding
	 */
	static Finding complete(String found, String action) {
		return new Finding(found, action, true);
	}

}
