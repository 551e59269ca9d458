package io.github.dbtls.trust;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import io.github.dbtls.DbTlsConfigurationException;

/**
 * Says what a text without a certificate looks like. It never repeats the text, which may
 * be a secret.
 */
final class Lookalike {

	static final String NAME_THE_AUTHORITY = "Name the file with the certificate of the authority (CA), often called "
			+ "'ca.pem'.";

	private Lookalike() {
	}

	static DbTlsConfigurationException exception(String text, List<PemBlock> blocks, Problem problem) {
		if (blocks.isEmpty()) {
			return ofText(text.strip(), problem);
		}
		Set<String> words = new LinkedHashSet<>();
		boolean key = false;
		for (PemBlock block : blocks) {
			words.add(block.words());
			key |= block.isPrivateKey();
		}
		String found = Texts.some(words);
		return key ? privateKey(found, problem)
				: problem.which("holds %s and no certificate".formatted(found), NAME_THE_AUTHORITY);
	}

	static DbTlsConfigurationException privateKey(String words, Problem problem) {
		return problem.which("holds %s where the certificate of an authority should be".formatted(words),
				NAME_THE_AUTHORITY + " A private key stays with its owner and proves nothing about a server.");
	}

	private static DbTlsConfigurationException ofText(String text, Problem problem) {
		String start = text.substring(0, Math.min(text.length(), 1000)).toLowerCase(Locale.ROOT);
		if (start.startsWith("<!doctype html") || start.contains("<html")) {
			return problem.which("is an HTML page, not a certificate",
					"Download the file again: a page for sign-in or an error was saved in its place.");
		}
		if (start.startsWith("<")) {
			return problem.which("is XML, not a certificate",
					"Download the file again: object stores answer with XML when they refuse.");
		}
		if (text.contains("-----BEGIN ")) {
			return problem.which("holds '-----BEGIN', but never at the beginning of a line",
					"Remove what stands in front of it (a comment sign, a quote, a key of JSON or YAML), and write "
							+ "each BEGIN and END on a line of its own.");
		}
		if (start.startsWith("{") || start.startsWith("[")) {
			return problem.which("is JSON, not a certificate", NAME_THE_AUTHORITY);
		}
		if (start.matches("(?s)(ssh-|ecdsa-sha2-|sk-ssh-|---- begin ssh2).*")) {
			return problem.which("is a public key of SSH, not a certificate", NAME_THE_AUTHORITY);
		}
		if (start.startsWith("version https://git-lfs")) {
			return problem.which("is a pointer of Git LFS, not the file itself", "Run 'git lfs pull'.");
		}
		if (text.length() > 200 && text.startsWith("MI") && text.matches("[A-Za-z0-9+/=\\s]+")) {
			return problem.which("is base64 without the lines around it",
					"Put '-----BEGIN CERTIFICATE-----' in front and '-----END CERTIFICATE-----' behind it, each on a "
							+ "line of its own.");
		}
		return problem.which(
				"is text without a certificate in it (%s)".formatted(Texts.count(text.length(), "character")),
				NAME_THE_AUTHORITY);
	}

}
