package io.github.dbtls.check;

import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.github.dbtls.Causes;
import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.SslMode;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.TlsPolicy;
import io.github.dbtls.TlsSession;
import io.github.dbtls.connectorj.HostAddress;
import io.github.dbtls.diagnosis.CertificateText;
import org.jspecify.annotations.Nullable;

/**
 * A report for people, of lines that can be searched for: {@code name: value}. What a
 * server says is cleaned, so that it cannot forge lines.
 */
final class ReportText {

	private static final int MOST_CERTIFICATES = 10;

	private static final int MOST_NAMES = 20;

	private final CheckRequest request;

	private final CheckReport report;

	private final StringBuilder text = new StringBuilder();

	ReportText(CheckRequest request, CheckReport report) {
		this.request = request;
		this.report = report;
	}

	String text() {
		line("host: " + this.report.host() + ((this.request.address() != null)
				? ", connected to by '%s'".formatted(CertificateText.clean(this.request.address())) : ""));
		policy();
		session();
		versions();
		certificates();
		line("connections: %d without login, which MySQL counts (max_connect_errors)"
			.formatted(this.report.connections()));
		verdict();
		return this.text.toString();
	}

	private void policy() {
		TlsPolicy policy = this.request.policy();
		line("policy: provider '%s' (%s), ssl-mode %s, %s".formatted(policy.provider().id(), policy.provider().name(),
				policy.sslMode().propertyValue(), String.join(" ", policy.protocols())));
		int trusted = this.request.material().trust().certificates().size();
		line(policy.sslMode().isVerifying()
				? "trusted: %s (%d %s)".formatted(policy.trust(), trusted, (trusted == 1) ? "authority" : "authorities")
				: "trusted: nothing is verified");
		this.request.warnings().forEach((warning) -> line("warning: " + CommandLineWords.of(warning)));
		for (HostAddress host : this.request.hosts()) {
			if (host.toString().equals(this.report.host()) && policy.sslMode() == SslMode.VERIFY_IDENTITY
					&& !policy.provider().isOwnHostName(host.host())) {
				line("warning: '%s' is no host name of %s".formatted(host.host(), policy.provider().name()));
			}
		}
	}

	private void session() {
		TlsSession session = this.report.session();
		line("negotiated: " + ((session != null) ? session.protocol() + ", " + session.cipher() : "nothing"));
		if (session != null) {
			Boolean resumed = this.report.resumed();
			String unknown = (this.request.depth() == CheckRequest.Depth.VERDICT) ? "not tried" : "unknown";
			line("resumption: " + ((resumed != null) ? yesNo(resumed) : unknown));
		}
		line("client certificate: " + clientCertificate());
	}

	private String clientCertificate() {
		Boolean asked = this.report.clientCertificateAsked();
		if (asked == null) {
			return "unknown";
		}
		if (!asked) {
			return "not asked for";
		}
		return (this.request.policy().clientKey() != null) ? "asked for" : "asked for, none is set";
	}

	private static String yesNo(boolean value) {
		return value ? "yes" : "no";
	}

	private void versions() {
		if (this.report.untried() != null) {
			line("versions: " + this.report.untried());
			return;
		}
		for (CheckReport.Version version : this.report.versions()) {
			String name = version.version().jsseName();
			TlsHandshakeException refusal = version.refusal();
			if (version.ciphers().isEmpty()) {
				line("%s: %s".formatted(name, (refusal != null) ? "refused, " + reason(refusal) : "not tried"));
				continue;
			}
			if (this.request.depth() != CheckRequest.Depth.CIPHERS) {
				line("%s: accepted, chooses %s".formatted(name, version.ciphers().get(0)));
				continue;
			}
			line(name + ": accepted");
			version.ciphers().forEach((cipher) -> line("  " + cipher));
			if (!version.complete()) {
				line("  and perhaps more, " + ((refusal != null) ? reason(refusal) : "which were not tried"));
			}
		}
		if (this.request.depth() != CheckRequest.Depth.CIPHERS) {
			line("other cipher suites: not tried, '--all-ciphers' does");
		}
		line("older versions: not tried, dbtls never offers them");
	}

	private static String reason(TlsHandshakeException failure) {
		Throwable cause = Causes.innermost(failure);
		String message = (cause.getMessage() != null) ? ": " + CertificateText.clean(cause.getMessage()) : "";
		return failure.getFailure() + message;
	}

	private void certificates() {
		List<X509Certificate> chain = this.report.presented();
		if (chain.isEmpty()) {
			line("certificates: none was shown");
		}
		for (int i = 0; i < Math.min(chain.size(), MOST_CERTIFICATES); i++) {
			certificate(i + 1, chain.get(i));
		}
		if (chain.size() > MOST_CERTIFICATES) {
			line("certificates: %d more".formatted(chain.size() - MOST_CERTIFICATES));
		}
		TlsSession session = this.report.session();
		X509Certificate anchor = (session != null) ? session.anchor() : null;
		if (anchor != null) {
			line("authority: %s, %s".formatted(CertificateText.name(anchor.getSubjectX500Principal()),
					validity(anchor)));
		}
	}

	private void certificate(int number, X509Certificate certificate) {
		line("certificate %d: %s".formatted(number, CertificateText.name(certificate.getSubjectX500Principal())));
		line("  issuer: " + CertificateText.name(certificate.getIssuerX500Principal()));
		line("  valid: " + validity(certificate));
		List<String> names = CertificateText.subjectAlternativeNames(certificate);
		if (!names.isEmpty()) {
			line("  names: " + String.join(" ", names.subList(0, Math.min(names.size(), MOST_NAMES)))
					+ ((names.size() > MOST_NAMES) ? " and %d more".formatted(names.size() - MOST_NAMES) : ""));
		}
		line("  key: " + key(certificate.getPublicKey()));
		line("  signature: " + CertificateText.clean(certificate.getSigAlgName()));
	}

	private static String validity(X509Certificate certificate) {
		Instant now = Instant.now();
		Instant begin = certificate.getNotBefore().toInstant();
		Instant end = certificate.getNotAfter().toInstant();
		String when;
		if (now.isBefore(begin)) {
			when = "not valid yet";
		}
		else {
			when = now.isAfter(end) ? "expired" : Duration.between(now, end).toDays() + " days left";
		}
		return "%s to %s (%s)".formatted(CertificateText.day(begin), CertificateText.day(end), when);
	}

	private static String key(PublicKey key) {
		String algorithm = CertificateText.clean(key.getAlgorithm());
		if (key instanceof RSAKey rsa) {
			return "%s, %d bits".formatted(algorithm, rsa.getModulus().bitLength());
		}
		return (key instanceof ECKey curve && curve.getParams() != null)
				? "%s, %d bits".formatted(algorithm, curve.getParams().getOrder().bitLength()) : algorithm;
	}

	private void verdict() {
		TlsHandshakeException failure = this.report.failure();
		if (failure == null) {
			line(this.report.isVerified() ? "verdict: verified"
					: "verdict: NOT VERIFIED, encrypted only: 'required' verifies nothing");
			return;
		}
		line("verdict: NOT VERIFIED, " + failure.getFailure());
		indented(failure.getDescription());
		indented(failure.getAction());
		if (failure.getFailure() == HandshakeFailure.HANDSHAKE_TIMEOUT) {
			line("  Here it was '--timeout', %d ms.".formatted(this.request.timeout().toMillis()));
		}
	}

	private void indented(@Nullable String lines) {
		String.valueOf(lines).lines().forEach((line) -> line("  " + line));
	}

	private void line(String line) {
		this.text.append(line).append(System.lineSeparator());
	}

}
