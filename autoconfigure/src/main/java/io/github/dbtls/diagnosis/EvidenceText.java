package io.github.dbtls.diagnosis;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import javax.security.auth.x500.X500Principal;

import io.github.dbtls.TlsPolicy;

/**
 * The evidence that each message has, whatever was made of it: what the server presented,
 * what is trusted, and the versions of TLS.
 */
final class EvidenceText {

	private static final int MOST_AUTHORITIES = 3;

	private static final int MOST_PRESENTED = 6;

	private EvidenceText() {
	}

	static List<String> presented(HandshakeFacts facts) {
		List<X509Certificate> presented = facts.presented();
		if (presented.isEmpty()) {
			return List.of("  Presented by the server: no certificate");
		}
		List<String> lines = new ArrayList<>(List.of("  Presented by the server:"));
		for (int i = 0; i < Math.min(MOST_PRESENTED, presented.size()); i++) {
			lines.add("    %d. %s".formatted(i + 1, CertificateText.describe(presented.get(i))));
		}
		if (presented.size() > MOST_PRESENTED) {
			lines.add("    and %d more".formatted(presented.size() - MOST_PRESENTED));
		}
		return lines;
	}

	static List<String> trusted(HandshakeFacts facts) {
		TlsPolicy policy = facts.policy();
		if (!policy.sslMode().isVerifying()) {
			return List
				.of("  Verified: nothing but dates, as ssl-mode %s wants".formatted(policy.sslMode().propertyValue()));
		}
		List<X509Certificate> trusted = facts.trusted();
		String count = "  Trusted: %s (%d %s)".formatted(CertificateText.clean(facts.trustSource()), trusted.size(),
				(trusted.size() == 1) ? "authority" : "authorities");
		if (trusted.isEmpty() || facts.presented().isEmpty()) {
			return List.of(count);
		}
		List<String> lines = new ArrayList<>();
		lines.add(count + ((trusted.size() > MOST_AUTHORITIES) ? ", the nearest by name:" : ":"));
		X500Principal issuer = IssuedPath.of(facts.presented()).last().getIssuerX500Principal();
		trusted.stream()
			.map((authority) -> Map.entry(nearness(issuer, authority), authority))
			.sorted(Comparator.comparingInt((entry) -> -entry.getKey()))
			.limit(MOST_AUTHORITIES)
			.map(Map.Entry::getValue)
			.map((authority) -> "    %s, valid %s to %s".formatted(
					CertificateText.name(authority.getSubjectX500Principal()),
					CertificateText.day(authority.getNotBefore().toInstant()),
					CertificateText.day(authority.getNotAfter().toInstant())))
			.forEach(lines::add);
		return lines;
	}

	private static int nearness(X500Principal issuer, X509Certificate authority) {
		X500Principal subject = authority.getSubjectX500Principal();
		if (subject.equals(issuer)) {
			return Integer.MAX_VALUE;
		}
		String wanted = CertificateText.name(issuer).toLowerCase(Locale.ROOT);
		int shared = 0;
		for (String word : CertificateText.name(subject).toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+")) {
			if (word.length() > 1 && wanted.contains(word)) {
				shared++;
			}
		}
		return shared;
	}

	static String versions(HandshakeFacts facts) {
		String allowed = "  TLS: %s allowed".formatted(String.join(", ", facts.policy().protocols()));
		return (facts.protocol() != null) ? "%s, %s agreed on".formatted(allowed, facts.protocol()) : allowed;
	}

}
