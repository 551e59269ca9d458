package io.github.dbtls.trust;

import io.github.dbtls.BundleOrigin;
import io.github.dbtls.DbTlsConfigurationException;
import org.jspecify.annotations.Nullable;

/**
 * Words what is wrong with a certificate file: each description begins with the property
 * and the location as the user wrote them.
 */
final class Problem {

	private final FileSetting file;

	private final String subject;

	private final String pronoun;

	private Problem(FileSetting file, String subject, String pronoun) {
		this.file = file;
		this.subject = subject;
		this.pronoun = pronoun;
	}

	/**
	 * Create the problem of a file.
	 * @param file the file
	 * @param resolved what the location stands for, or {@code null} if it says so itself
	 * @return a problem yet to be worded
	 */
	static Problem of(FileSetting file, @Nullable String resolved) {
		String written = "'%s'".formatted(Texts.oneLine(file.location(), 300));
		String location = (resolved != null) ? "%s (%s)".formatted(written, Texts.oneLine(resolved, 300)) : written;
		return new Problem(file, "'%s' names %s".formatted(file.property(), location), "which");
	}

	/**
	 * Create the problem of a store in an SSL bundle.
	 * @param origin where the bundle was declared
	 * @param store {@code trust store} or {@code key store}
	 * @param kind what it should hold
	 * @return a problem yet to be worded
	 */
	static Problem ofBundle(BundleOrigin origin, String store, FileSetting.Kind kind) {
		return new Problem(new FileSetting(origin.property(), origin.name(), origin.property(), kind),
				Texts.oneLine(origin.sentence(), 300), "whose " + store);
	}

	/**
	 * Return the same problem for an entry of the file.
	 * @param entry the entry's name
	 * @return a problem yet to be worded
	 */
	Problem inEntry(String entry) {
		return new Problem(this.file, this.subject, "whose entry '%s'".formatted(Texts.oneLine(entry, 100)));
	}

	/**
	 * Return the property that a password belongs in, whether it is set or not.
	 * @return the property's name
	 */
	String passwordProperty() {
		return this.file.passwordProperty();
	}

	FileSetting.Kind kind() {
		return this.file.kind();
	}

	/**
	 * Return the location as the user wrote it.
	 * @return the location
	 */
	String written() {
		return this.file.location();
	}

	/**
	 * Return the sentence without its full stop, for logs and messages.
	 * @param predicate what is the matter, beginning with a verb
	 * @return {@code 'property' names 'location', which predicate}
	 */
	String sentence(String predicate) {
		return "%s, %s %s".formatted(this.subject, this.pronoun, predicate);
	}

	DbTlsConfigurationException which(String predicate, String action) {
		return which(predicate, action, null);
	}

	DbTlsConfigurationException which(String predicate, String action, @Nullable Throwable cause) {
		return new DbTlsConfigurationException(this.file.property(), sentence(predicate) + ".", action, cause);
	}

	DbTlsConfigurationException password(String verb, String predicate, String action, @Nullable Throwable cause) {
		String property = passwordProperty();
		return new DbTlsConfigurationException(property, "'%s' %s: %s.".formatted(property, verb, sentence(predicate)),
				action, cause);
	}

}
