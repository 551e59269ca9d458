package io.github.dbtls.diagnosis;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Comparator;

import org.jspecify.annotations.Nullable;

/**
 * TencentDB for MySQL, after
 * <a href="https://cloud.tencent.com/document/product/236/76511">its page</a>: whenever
 * SSL is switched off and on in the console, the instance gets a new certificate, and the
 * console a new file.
 */
final class TencentRules {

	private static final String PROVIDER = "tencentdb";

	private TencentRules() {
	}

	/**
	 * A certificate that is newer than all of the file.
	 * @param facts what is known
	 * @param path the presented certificates
	 * @return what was recognised, or {@code null}
	 */
	static @Nullable Finding renewed(HandshakeFacts facts, IssuedPath path) {
		Instant newest = facts.trusted()
			.stream()
			.map(TencentRules::begin)
			.max(Comparator.naturalOrder())
			.orElse(Instant.MAX);
		if (!facts.policy().provider().id().equals(PROVIDER) || !newest.isBefore(begin(path.leaf()))) {
			return null;
		}
		return Finding
			.of(("the certificate begins on %s, after all that is trusted (%s at the latest): SSL may have been "
					+ "switched off and on in TencentDB's console since the file was downloaded.")
				.formatted(CertificateText.day(begin(path.leaf())), CertificateText.day(newest)), "");
	}

	private static Instant begin(X509Certificate certificate) {
		return certificate.getNotBefore().toInstant();
	}

}
