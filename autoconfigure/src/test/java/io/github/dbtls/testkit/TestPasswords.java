package io.github.dbtls.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds passwords in the sources of the tests that {@link Secrets} does not know.
 */
final class TestPasswords {

	private static final List<Path> SOURCES = List.of(Path.of("src/test"), Path.of("../integration-tests/src/test"));

	private static final List<Pattern> PLACES = List.of(
			Pattern.compile("(?i)(?<!Secrets[.])(?:password|pwd|secret)\"?(?:\\(|, | = )\"([^\"%\\s'.]+)\""),
			Pattern.compile("(?i)(?:password|pwd)(?:=|: )([\\w!@.-]+)"), Pattern.compile("IDENTIFIED BY '([^'%]*)'"),
			Pattern.compile("//[^/\\s:\"@]+:([^@\\s\"/%()]+)@"));

	/**
	 * Names of settings and plug-ins, passwords that no test uses, the server's "using
	 * password: YES", and TencentDB's, which its documentation tells everybody.
	 */
	private static final Set<String> HARMLESS = Set.of("ssl-bundle", "YES", "tls-versions", "secret", "planted-", "([^",
			"tencentdb", "sha256_password");

	private TestPasswords() {
	}

	static List<String> unknown() {
		List<String> unknown = new ArrayList<>();
		for (Path root : SOURCES) {
			try (Stream<Path> files = Files.walk(root)) {
				for (Path file : files.filter(Files::isRegularFile).toList()) {
					unknown.addAll(unknownIn(file.getFileName(), Files.readString(file)));
				}
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
		return unknown;
	}

	static List<String> unknownIn(Path file, String source) {
		List<String> unknown = new ArrayList<>();
		for (Pattern place : PLACES) {
			Matcher matcher = place.matcher(source);
			while (matcher.find()) {
				String password = matcher.group(1);
				if (!HARMLESS.contains(password) && Secrets.find(password) == null) {
					unknown.add("%s: '%s'".formatted(file, password));
				}
			}
		}
		return unknown;
	}

}
