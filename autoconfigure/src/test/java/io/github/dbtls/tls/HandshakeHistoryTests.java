package io.github.dbtls.tls;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.TlsSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link HandshakeHistory}.
 */
@ExtendWith(OutputCaptureExtension.class)
class HandshakeHistoryTests {

	private static final String PROPERTY = "dbtls.client-certificate";

	private final List<HandshakeOutcome> outcomes = new ArrayList<>();

	private final HandshakeHistory history = new HandshakeHistory("orders", this.outcomes::add, Clock.systemUTC());

	@Test
	void failureIsLastUntilASuccess() {
		long before = System.nanoTime();
		TlsHandshakeException failure = new TlsHandshakeException(HandshakeFailure.EXPIRED, "db", 3306, "description",
				"action", List.of(), null);
		this.history.failed(failure, null);
		assertThat(this.outcomes).extracting(HandshakeOutcome::failure).containsExactly(failure);
		assertThat(this.history.lastFailure()).isSameAs(failure);
		assertThat(this.history.lastFailureSince(before)).isSameAs(failure);
		assertThat(this.history.lastFailureSince(System.nanoTime() + 1)).isNull();
		this.history.succeeded(session("db", 3306), new ServedPath(List.of(), null));
		assertThat(this.history.lastFailure()).isNull();
		assertThat(this.history.lastFailureSince(before)).isNull();
	}

	@Test
	void unaskedIsOfTheServerOfTheLastAttempt(CapturedOutput output) {
		assertThat(this.history.isClientCertificateUnasked()).isFalse();
		this.history.clientCertificate(session("db", 3306), PROPERTY, false);
		this.history.clientCertificate(session("db", 3307), PROPERTY, true);
		this.history.attempting("db", 3306);
		assertThat(this.history.isClientCertificateUnasked()).isTrue();
		this.history.attempting("db", 3307);
		assertThat(this.history.isClientCertificateUnasked()).isFalse();
		this.history.clientCertificate(session("db", 3306), PROPERTY, false);
		assertThat(output).containsOnlyOnce("the server at db:3306 did not ask for the certificate of '" + PROPERTY);
	}

	@Test
	void unaskedWhenTheServerAsksAgainIsOverAndNewsTheNextTime(CapturedOutput output) {
		this.history.attempting("db", 3306);
		for (boolean asked : new boolean[] { false, true, false }) {
			this.history.clientCertificate(session("db", 3306), PROPERTY, asked);
			assertThat(this.history.isClientCertificateUnasked()).isEqualTo(!asked);
		}
		assertThat(output.getAll().split("did not ask", -1)).hasSize(3);
	}

	@Test
	void unaskedServersDoNotAddUp(CapturedOutput output) {
		for (int i = 0; i <= HandshakeHistory.MOST_HOSTS; i++) {
			this.history.clientCertificate(session("db" + i, 3306), PROPERTY, false);
		}
		this.history.attempting("db0", 3306);
		assertThat(this.history.isClientCertificateUnasked()).isFalse();
		this.history.attempting("db" + HandshakeHistory.MOST_HOSTS, 3306);
		assertThat(this.history.isClientCertificateUnasked()).isTrue();
		assertThat(output.getAll().split("did not ask", -1)).hasSize(HandshakeHistory.MOST_HOSTS + 2);
	}

	private static TlsSession session(String host, int port) {
		return new TlsSession(host, port, "TLSv1.3", "TLS_AES_256_GCM_SHA384", List.of(), null, false, 1,
				Duration.ofMillis(3));
	}

}
