package io.github.dbtls.trust;

import java.io.IOException;
import java.io.InputStream;

import io.github.dbtls.DbTlsConfigurationException;

/**
 * Reads streams to an end that does not depend on who writes them.
 */
final class BoundedInput {

	private BoundedInput() {
	}

	/**
	 * Read all of a stream.
	 * @param stream the stream, left open
	 * @param problem words that it is too large
	 * @param limits how much is read
	 * @return its bytes
	 * @throws IOException if it cannot be read
	 */
	static byte[] read(InputStream stream, Problem problem, Limits limits) throws IOException {
		byte[] bytes = stream.readNBytes(limits.bytes() + 1);
		if (bytes.length > limits.bytes()) {
			throw tooLarge(problem, limits, "more than " + Texts.size(limits.bytes()));
		}
		return bytes;
	}

	static DbTlsConfigurationException tooLarge(Problem problem, Limits limits, String size) {
		boolean authorities = problem.kind() == FileSetting.Kind.AUTHORITIES;
		return problem.which(
				"has %s, too much for a %s: at most %s are read".formatted(size,
						authorities ? "file of certificates" : problem.kind().file(), Texts.size(limits.bytes())),
				authorities
						? "Name the file of certificates. The largest bundle of a cloud, that of AWS, has less than 200 KiB."
						: "Name the %s, which is a few KiB.".formatted(problem.kind().file()));
	}

	static DbTlsConfigurationException tooMany(Problem problem, Limits limits) {
		return problem.which(
				"holds more than %s, which is the most that are read"
					.formatted(Texts.count(limits.certificates(), "certificate")),
				"Keep the authorities that the server's certificate may lead to.");
	}

}
