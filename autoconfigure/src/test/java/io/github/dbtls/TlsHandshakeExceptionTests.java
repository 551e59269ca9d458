package io.github.dbtls;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.mock;

/**
 * Tests for {@link TlsHandshakeException}.
 */
class TlsHandshakeExceptionTests {

	@Test
	void messageSaysWhatHappenedAndWhatToDo() {
		TlsHandshakeException exception = exception(List.of());
		assertThat(exception).isInstanceOf(IOException.class)
			.hasMessage("It expired." + System.lineSeparator() + "Renew it.")
			.hasCauseInstanceOf(IllegalStateException.class);
		assertThat(exception.getFailure()).isEqualTo(HandshakeFailure.EXPIRED);
		assertThat(exception.getHost()).isEqualTo("db.example");
		assertThat(exception.getPort()).isEqualTo(3306);
		assertThat(exception.getDescription()).isEqualTo("It expired.");
		assertThat(exception.getAction()).isEqualTo("Renew it.");
	}

	@Test
	void presentedIsACopy() {
		X509Certificate certificate = mock(X509Certificate.class);
		List<X509Certificate> chain = new ArrayList<>(List.of(certificate));
		TlsHandshakeException exception = exception(chain);
		chain.clear();
		assertThat(exception.getPresented()).containsExactly(certificate).isUnmodifiable();
	}

	@Test
	void readObjectWhenSerializedHasAllButTheChain() throws Exception {
		// A mock cannot be serialized: it would fail if it were tried.
		TlsHandshakeException exception = exception(List.of(mock(X509Certificate.class)));
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
			out.writeObject(exception);
		}
		try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
			TlsHandshakeException read = (TlsHandshakeException) in.readObject();
			assertThat(read).hasMessage(exception.getMessage());
			assertThat(read.getFailure()).isEqualTo(HandshakeFailure.EXPIRED);
			assertThat(read.getHost()).isEqualTo("db.example");
			assertThat(read.getPresented()).isEmpty();
			assertThat(read.getAction()).isEqualTo("Renew it.");
		}
	}

	private static TlsHandshakeException exception(List<X509Certificate> presented) {
		return new TlsHandshakeException(HandshakeFailure.EXPIRED, "db.example", 3306, "It expired.", "Renew it.",
				presented, new IllegalStateException("underneath"));
	}

}
