package io.github.dbtls.trust;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.github.dbtls.TrustSource.CaFile;

/**
 * A certificate file that must be refused, and what the user reads then. In the
 * description {@code <location>} stands for the location as written, {@code <directory>}
 * for where the files are, and a star at the end for any rest.
 *
 * @param name what is bad
 * @param maker makes the file, and gives its location
 * @param password the password, or {@code null}
 * @param property the property at fault
 * @param description the whole text
 * @param action a part of the action
 */
record BadFile(String name, Maker maker, String password, String property, String description, String action) {

	static final String SECRET = "correct-horse-battery";

	static BadFile content(String name, byte[] content, String predicate, String action) {
		return at(name, write(content), "'dbtls.ca-path' names '<location>', " + predicate, action);
	}

	static BadFile content(String name, String content, String predicate, String action) {
		return content(name, Certificates.ascii(content), predicate, action);
	}

	static BadFile location(String name, String location, String description, String action) {
		return at(name, (directory) -> location, description, action);
	}

	static BadFile at(String name, Maker maker, String description, String action) {
		return new BadFile(name, maker, null, "dbtls.ca-path", description, action);
	}

	static BadFile password(String name, byte[] content, String password, String description, String action) {
		return new BadFile(name, write(content), password, "dbtls.ca-password", description, action);
	}

	private static Maker write(byte[] content) {
		return (directory) -> Files.write(directory.resolve("ca"), content).toString();
	}

	CaFile file(Path directory) throws IOException {
		return new CaFile("dbtls.ca-path", this.maker.make(directory), this.password,
				(this.password != null) ? "dbtls.ca-password" : null, false);
	}

	@Override
	public String toString() {
		return this.name;
	}

	@FunctionalInterface
	interface Maker {

		String make(Path directory) throws IOException;

	}

}
