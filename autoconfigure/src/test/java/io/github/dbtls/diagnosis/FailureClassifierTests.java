package io.github.dbtls.diagnosis;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.stream.Stream;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

import io.github.dbtls.HandshakeFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FailureClassifier}.
 */
class FailureClassifierTests {

	@ParameterizedTest
	@MethodSource
	void exceptionIsClassified(Throwable thrown, HandshakeFailure expected) {
		assertThat(FailureClassifier.classify(thrown)).isEqualTo(expected);
		assertThat(FailureClassifier.classify(new IOException("wrapped", thrown))).isEqualTo(expected);
	}

	static Stream<Arguments> exceptionIsClassified() {
		return Stream.of(Arguments.of(refused(HandshakeFailure.EXPIRED), HandshakeFailure.EXPIRED),
				Arguments.of(new SSLHandshakeException("x").initCause(refused(HandshakeFailure.WEAK_ALGORITHM)),
						HandshakeFailure.WEAK_ALGORITHM),
				Arguments.of(new SocketTimeoutException("Read timed out"), HandshakeFailure.HANDSHAKE_TIMEOUT),
				Arguments.of(new SSLException("Read timed out", new SocketTimeoutException()),
						HandshakeFailure.HANDSHAKE_TIMEOUT),
				Arguments.of(new UnknownHostException("db"), HandshakeFailure.UNREACHABLE),
				Arguments.of(new ConnectException("refused"), HandshakeFailure.UNREACHABLE),
				Arguments.of(new NoRouteToHostException("none"), HandshakeFailure.UNREACHABLE),
				Arguments.of(new EOFException(), HandshakeFailure.CONNECTION_CLOSED),
				Arguments.of(new SocketException("Connection reset"), HandshakeFailure.CONNECTION_CLOSED),
				Arguments.of(
						new SSLHandshakeException("Remote host terminated the handshake")
							.initCause(new EOFException("SSL peer shut down incorrectly")),
						HandshakeFailure.CONNECTION_CLOSED),
				Arguments.of(ssl("Received fatal alert: protocol_version"), HandshakeFailure.NO_COMMON_PROTOCOL),
				Arguments.of(ssl("No appropriate protocol (protocol is disabled or cipher suites are inappropriate)"),
						HandshakeFailure.NO_COMMON_PROTOCOL),
				Arguments.of(ssl("The server selected protocol version TLS11 is not accepted by client preferences"),
						HandshakeFailure.NO_COMMON_PROTOCOL),
				Arguments.of(ssl("Received fatal alert: handshake_failure"), HandshakeFailure.NO_COMMON_CIPHER),
				Arguments.of(ssl("Received fatal alert: insufficient_security"), HandshakeFailure.NO_COMMON_CIPHER),
				Arguments.of(ssl("Received fatal alert: certificate_required"),
						HandshakeFailure.CLIENT_CERTIFICATE_REQUIRED),
				Arguments.of(ssl("Received fatal alert: bad_certificate"),
						HandshakeFailure.CLIENT_CERTIFICATE_REQUIRED),
				Arguments.of(ssl("Received fatal alert: unknown_ca"), HandshakeFailure.CLIENT_CERTIFICATE_REFUSED),
				Arguments.of(ssl("(certificate_expired) Received fatal alert: certificate_expired"),
						HandshakeFailure.CLIENT_CERTIFICATE_REFUSED),
				Arguments.of(ssl("(certificate_unknown) PKIX path building failed"), HandshakeFailure.OTHER),
				Arguments.of(ssl("Unsupported or unrecognized SSL message"), HandshakeFailure.NOT_MYSQL),
				Arguments.of(ssl("Certificates do not conform to algorithm constraints"),
						HandshakeFailure.WEAK_ALGORITHM),
				Arguments.of(ssl("Received fatal alert: internal_error"), HandshakeFailure.OTHER),
				Arguments.of(ssl("A potential protocol version downgrade attack"), HandshakeFailure.OTHER),
				Arguments.of(ssl("(handshake_failure) Invalid CertificateVerify signature"), HandshakeFailure.OTHER),
				Arguments.of(ssl("(illegal_parameter) Server returned wrong cipher suite for session"),
						HandshakeFailure.OTHER),
				Arguments.of(ssl("Server resumed with wrong protocol version"), HandshakeFailure.OTHER),
				Arguments.of(new SSLException(null, (Throwable) null), HandshakeFailure.OTHER),
				Arguments.of(new IllegalStateException("x"), HandshakeFailure.OTHER));
	}

	@Test
	void exceptionWhenItsCausesNeverEndIsClassified() {
		IOException first = new IOException("first");
		IOException second = new IOException("second", first);
		first.initCause(second);
		assertThat(FailureClassifier.classify(first)).isEqualTo(HandshakeFailure.OTHER);
	}

	private static SSLException ssl(String message) {
		return new SSLHandshakeException(message);
	}

	private static RefusedCertificateException refused(HandshakeFailure failure) {
		return new RefusedCertificateException(failure, "refused", null);
	}

	@Test
	void classifyWhenJdkNamesItsOwnAlertIgnoresIt() {
		SSLException thrown = new SSLException("(handshake_failure) received handshake warning: unrecognized_name");
		assertThat(FailureClassifier.classify(thrown)).isEqualTo(HandshakeFailure.OTHER);
	}

}
