package io.github.dbtls.check;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.TlsSession;
import io.github.dbtls.connectorj.HandshakeProbe;
import io.github.dbtls.connectorj.HostAddress;
import io.github.dbtls.connectorj.ProbeResult;
import io.github.dbtls.tls.PoolTls;
import org.jspecify.annotations.Nullable;

/**
 * Checks one host: the handshake that an application would make, then one more to see
 * whether sessions resume, then what else the server accepts.
 */
final class ServerCheck {

	/** With these a server has said something about TLS. */
	private static final Set<HandshakeFailure> ABOUT_TLS = Set.of(HandshakeFailure.NO_COMMON_PROTOCOL,
			HandshakeFailure.NO_COMMON_CIPHER, HandshakeFailure.CLIENT_CERTIFICATE_REQUIRED,
			HandshakeFailure.CLIENT_CERTIFICATE_REFUSED);

	private final CheckRequest request;

	ServerCheck(CheckRequest request) {
		this.request = request;
	}

	CheckReport check(HostAddress host) {
		PoolTls pool = new PoolTls("check", this.request.policy(), this.request.material(), (outcome) -> {
		});
		try {
			ProbeResult result = probe(pool, host);
			boolean alone = this.request.depth() == CheckRequest.Depth.VERDICT;
			Boolean resumed = alone ? null : resumes(pool, host);
			int connections = alone ? 1 : 2;
			return survey(host, new Verdict(result.session(), null, result.clientCertificateAsked(), resumed,
					result.session().peerCertificates(), connections));
		}
		catch (TlsHandshakeException ex) {
			Boolean asked = switch (ex.getFailure()) {
				case CLIENT_CERTIFICATE_REQUIRED, CLIENT_CERTIFICATE_REFUSED -> true;
				default -> null;
			};
			return survey(host, new Verdict(null, ex, asked, null, ex.getPresented(),
					(ex.getFailure() == HandshakeFailure.UNREACHABLE) ? 0 : 1));
		}
	}

	private ProbeResult probe(PoolTls pool, HostAddress host) throws TlsHandshakeException {
		return HandshakeProbe.probe(pool, host, this.request.via(host), this.request.timeout());
	}

	private @Nullable Boolean resumes(PoolTls pool, HostAddress host) {
		try {
			return probe(pool, host).session().resumed();
		}
		catch (TlsHandshakeException ex) {
			return null;
		}
	}

	private CheckReport survey(HostAddress host, Verdict verdict) {
		String untried = untried(verdict);
		if (untried != null) {
			return report(host, verdict, List.of(), untried, verdict.presented(), verdict.connections());
		}
		ServerSurvey survey = new ServerSurvey(this.request, host, System::nanoTime);
		List<CheckReport.Version> versions = survey.versions();
		return report(host, verdict, versions, null,
				verdict.presented().isEmpty() ? survey.presented() : verdict.presented(),
				verdict.connections() + survey.connections());
	}

	private @Nullable String untried(Verdict verdict) {
		if (this.request.depth() == CheckRequest.Depth.VERDICT) {
			return "not tried, with '--quick'";
		}
		TlsHandshakeException failure = verdict.failure();
		boolean mute = failure != null && verdict.presented().isEmpty() && !ABOUT_TLS.contains(failure.getFailure());
		return mute ? "not tried: it did not come to TLS" : null;
	}

	private CheckReport report(HostAddress host, Verdict verdict, List<CheckReport.Version> versions,
			@Nullable String untried, List<X509Certificate> presented, int connections) {
		return new CheckReport(host.toString(), verdict.session(), this.request.policy().sslMode().isVerifying(),
				verdict.failure(), verdict.clientCertificateAsked(), verdict.resumed(), versions, untried, presented,
				connections);
	}

	/**
	 * What came of the handshakes under the policy.
	 *
	 * @param session what was negotiated, or {@code null}
	 * @param failure why nothing was, or {@code null}
	 * @param clientCertificateAsked whether the server asked for a certificate
	 * @param resumed whether the second resumed the first
	 * @param presented what the server showed
	 * @param connections how many there were
	 */
	private record Verdict(@Nullable TlsSession session, @Nullable TlsHandshakeException failure,
			@Nullable Boolean clientCertificateAsked, @Nullable Boolean resumed, List<X509Certificate> presented,
			int connections) {
	}

}
