package io.github.dbtls.autoconfigure;

import java.io.IOException;
import java.util.List;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.TlsHandshakeException;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.diagnostics.FailureAnalysis;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TlsHandshakeFailureAnalyzer}.
 */
class TlsHandshakeFailureAnalyzerTests {

	private final TlsHandshakeFailureAnalyzer analyzer = new TlsHandshakeFailureAnalyzer();

	@Test
	void handshakeAmongTheCausesIsExplained() {
		TlsHandshakeException handshake = new TlsHandshakeException(HandshakeFailure.UNTRUSTED_ISSUER, "localhost",
				3306, "It is not trusted.", "Name its authority.", List.of(), new IOException("PKIX"));
		Throwable failure = new BeanCreationException("flyway", "failed", new IllegalStateException("pool", handshake));
		FailureAnalysis analysis = this.analyzer.analyze(failure);
		assertThat(analysis).isNotNull();
		assertThat(analysis.getDescription()).isEqualTo("It is not trusted.");
		assertThat(analysis.getAction()).isEqualTo("Name its authority.");
		assertThat(analysis.getCause()).isSameAs(failure);
	}

	@Test
	void otherFailureIsNotAnalyzed() {
		assertThat(this.analyzer.analyze(new IllegalStateException(new IOException("Connection refused")))).isNull();
	}

}
