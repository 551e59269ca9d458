package io.github.dbtls.sample.environment;

import java.util.List;

/**
 * Thrown when environment variables of the active profile are not set.
 */
class MissingVariablesException extends RuntimeException {

	private final List<String> variables;

	private final List<String> profiles;

	MissingVariablesException(List<String> variables, List<String> profiles) {
		super("Environment variables are missing: " + String.join(", ", variables));
		this.variables = variables;
		this.profiles = profiles;
	}

	List<String> getVariables() {
		return this.variables;
	}

	List<String> getProfiles() {
		return this.profiles;
	}

}
