package io.github.dbtls.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.diagnosis.RefusedCertificateException;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.Identity;
import io.github.dbtls.testkit.TestCertificates;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ServerTrustManager}.
 */
class ServerTrustManagerTests {

	private final Authority authority = TestCertificates.authority("CN=Test CA");

	private final Identity identity = this.authority.server("localhost");

	private final HandshakeRecorder recorder = new HandshakeRecorder();

	@Test
	void chainWhenBothAcceptItIsRecordedWithItsAuthority() throws Exception {
		this.recorder.begin("localhost");
		manager(JdkTrustManager.of(List.of(this.authority.certificate()))).checkServerTrusted(chain(), "ECDHE_ECDSA");
		HandshakeRecorder.Recording recording = this.recorder.end();
		assertThat(recording.presented()).containsExactly(chain());
		assertThat(recording.path()).isNotNull();
		assertThat(recording.path().authority()).isEqualTo(this.authority.certificate());
		assertThat(recording.path().certificates()).containsExactly(this.identity.certificate());
	}

	@Test
	void chainWhenOnlyTheJdkRefusesItIsRefused() {
		CertificateException revoked = new CertificateException("Certificate has been revoked");
		this.recorder.begin("localhost");
		assertThatExceptionOfType(RefusedCertificateException.class)
			.isThrownBy(() -> manager(new Refusing(revoked, revoked)).checkServerTrusted(chain(), "ECDHE_ECDSA",
					new Socket()))
			.withMessage("Certificate has been revoked")
			.withCause(revoked)
			.satisfies((ex) -> assertThat(ex.getFailure()).isEqualTo(HandshakeFailure.CERTIFICATE_INVALID));
		HandshakeRecorder.Recording recording = this.recorder.end();
		assertThat(recording.presented()).containsExactly(chain());
		assertThat(recording.path()).isNull();
		assertThatExceptionOfType(CertificateException.class)
			.isThrownBy(() -> manager(new Refusing(revoked, revoked)).checkServerTrusted(chain(), "ECDHE_ECDSA"));
	}

	@Test
	void chainWhenTheJdkRefusesItWithSocketOnlyHasWrongName() {
		CertificateException name = new CertificateException("No name matching localhost found");
		assertThatExceptionOfType(RefusedCertificateException.class)
			.isThrownBy(
					() -> manager(new Refusing(null, name)).checkServerTrusted(chain(), "ECDHE_ECDSA", new Socket()))
			.satisfies((ex) -> assertThat(ex.getFailure()).isEqualTo(HandshakeFailure.HOST_NAME_MISMATCH));
	}

	@Test
	void chainWhenTheJdkRefusesItsAlgorithmsIsWeak() {
		CertificateException weak = new CertificateException("Certificates do not conform to algorithm constraints");
		assertThatExceptionOfType(RefusedCertificateException.class)
			.isThrownBy(
					() -> manager(new Refusing(null, weak)).checkServerTrusted(chain(), "ECDHE_ECDSA", new Socket()))
			.satisfies((ex) -> assertThat(ex.getFailure()).isEqualTo(HandshakeFailure.WEAK_ALGORITHM));
	}

	@Test
	void managerWhenAskedForAnythingElseRefuses() throws Exception {
		ServerTrustManager manager = manager(JdkTrustManager.of(List.of(this.authority.certificate())));
		SSLEngine engine = SSLContext.getDefault().createSSLEngine();
		assertThatExceptionOfType(CertificateException.class)
			.isThrownBy(() -> manager.checkServerTrusted(chain(), "ECDHE_ECDSA", engine));
		assertThatExceptionOfType(CertificateException.class)
			.isThrownBy(() -> manager.checkClientTrusted(chain(), "EC"));
		assertThatExceptionOfType(CertificateException.class)
			.isThrownBy(() -> manager.checkClientTrusted(chain(), "EC", engine));
		assertThatExceptionOfType(CertificateException.class)
			.isThrownBy(() -> manager.checkClientTrusted(chain(), "EC", new Socket()));
		assertThat(manager.getAcceptedIssuers()).containsExactly(this.authority.certificate());
	}

	@Test
	void unverifiedManagerTrustsNobodyAsClientAndNamesNoIssuer() {
		UnverifiedTrustManager manager = new UnverifiedTrustManager(this.recorder, Clock.systemUTC());
		assertThatExceptionOfType(CertificateException.class)
			.isThrownBy(() -> manager.checkClientTrusted(chain(), "EC"));
		assertThat(manager.getAcceptedIssuers()).isEmpty();
	}

	private X509Certificate[] chain() {
		return this.identity.chain().toArray(X509Certificate[]::new);
	}

	private ServerTrustManager manager(X509ExtendedTrustManager jdk) {
		return new ServerTrustManager(jdk, new PathVerifier(List.of(this.authority.certificate())), this.recorder,
				Clock.systemUTC());
	}

	/**
	 * Stands for what the JDK refuses on demand.
	 */
	private static final class Refusing extends X509ExtendedTrustManager {

		private final CertificateException withoutSocket;

		private final CertificateException withSocket;

		private Refusing(CertificateException withoutSocket, CertificateException withSocket) {
			this.withoutSocket = withoutSocket;
			this.withSocket = withSocket;
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
			if (this.withoutSocket != null) {
				throw this.withoutSocket;
			}
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
				throws CertificateException {
			throw this.withSocket;
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
		}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String authType) {
		}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {
		}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
		}

		@Override
		public X509Certificate[] getAcceptedIssuers() {
			return new X509Certificate[0];
		}

	}

}
