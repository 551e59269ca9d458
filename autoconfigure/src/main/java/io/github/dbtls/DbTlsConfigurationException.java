package io.github.dbtls;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when what the user configured cannot be done, or would be weaker than promised.
 * It carries what the user needs: the property as written, what was found, and what to do
 * instead.
 */
public class DbTlsConfigurationException extends RuntimeException {

	private final @Nullable String property;

	private final String action;

	/**
	 * Create an exception.
	 * @param property the property in question as the user writes it, such as
	 * {@code dbtls.ca-path}, or {@code null} if it is none
	 * @param description what was found and why it cannot stay; holds no secret
	 * @param action what to write instead
	 */
	public DbTlsConfigurationException(@Nullable String property, String description, String action) {
		this(property, description, action, null);
	}

	/**
	 * Create an exception with a cause.
	 * @param property the property in question as the user writes it, such as
	 * {@code dbtls.ca-path}, or {@code null} if it is none
	 * @param description what was found and why it cannot stay; holds no secret
	 * @param action what to write instead
	 * @param cause what failed underneath, or {@code null}
	 */
	public DbTlsConfigurationException(@Nullable String property, String description, String action,
			@Nullable Throwable cause) {
		super(description, cause);
		this.property = property;
		this.action = action;
	}

	/**
	 * Return the property in question.
	 * @return the property's name, or {@code null} if no single property is at fault
	 */
	public @Nullable String getProperty() {
		return this.property;
	}

	/**
	 * Return what the user can do about it.
	 * @return one or more sentences
	 */
	public String getAction() {
		return this.action;
	}

}
