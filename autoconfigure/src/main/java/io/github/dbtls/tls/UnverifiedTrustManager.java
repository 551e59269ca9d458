package io.github.dbtls.tls;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;

import javax.net.ssl.X509TrustManager;

/**
 * Trust manager of {@code required}, the mode that verifies nobody. It still refuses
 * certificates outside their dates, as Connector/J does in this mode. It is no
 * {@link javax.net.ssl.X509ExtendedTrustManager} on purpose: JSSE then adds the JVM's
 * algorithm constraints, as it does for Connector/J's.
 */
final class UnverifiedTrustManager implements X509TrustManager {

	private final HandshakeRecorder recorder;

	private final Clock clock;

	UnverifiedTrustManager(HandshakeRecorder recorder, Clock clock) {
		this.recorder = recorder;
		this.clock = clock;
	}

	@Override
	public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
		this.recorder.presented(chain);
		checkDates(chain);
	}

	void checkDates(X509Certificate[] chain) throws CertificateException {
		RefusalReason.checkDates(chain, this.clock.instant());
	}

	@Override
	public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
		throw new CertificateException("This trust manager verifies servers only");
	}

	@Override
	public X509Certificate[] getAcceptedIssuers() {
		return new X509Certificate[0];
	}

}
