package io.github.dbtls.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link AwaitingSocket}.
 */
class AwaitingSocketTests {

	private final SSLSocket inner = mock(SSLSocket.class);

	private final List<String> verdicts = new ArrayList<>();

	private final AwaitingSocket socket = new AwaitingSocket(this.inner, new Verdict() {

		@Override
		public void accepted() {
			AwaitingSocketTests.this.verdicts.add("accepted");
		}

		@Override
		public IOException brokenOff(IOException thrown) {
			AwaitingSocketTests.this.verdicts.add("broken off");
			return new IOException("explained", thrown);
		}

	});

	@Test
	void firstByteIsConsentOnce() throws Exception {
		reads(new ByteArrayInputStream(new byte[] { 1, 2, 3, 4 }));
		InputStream input = this.socket.getInputStream();
		assertThat(input.read()).isEqualTo(1);
		assertThat(this.verdicts).containsExactly("accepted");
		assertThat(input.read(new byte[2])).isEqualTo(2);
		assertThat(input.read()).isEqualTo(4);
		assertThat(input.read()).isEqualTo(-1);
		this.socket.close();
		then(this.inner).should().close();
		assertThat(this.verdicts).containsExactly("accepted");
	}

	@Test
	void failureBehindTheFirstByteIsNotExplained() throws Exception {
		InputStream stream = mock(InputStream.class);
		SocketException reset = new SocketException("Connection reset");
		given(stream.read(any(), anyInt(), anyInt())).willReturn(1).willThrow(reset);
		reads(stream);
		InputStream input = this.socket.getInputStream();
		input.read(new byte[8]);
		assertThatIOException().isThrownBy(() -> input.read(new byte[8])).isSameAs(reset);
		assertThat(this.verdicts).containsExactly("accepted");
	}

	@Test
	void failureBeforeTheFirstByteIsExplainedOnce() throws Exception {
		SSLException alert = new SSLException("Received fatal alert: bad_certificate");
		fails(alert);
		InputStream input = this.socket.getInputStream();
		assertThatIOException().isThrownBy(input::read).withMessage("explained").withCause(alert);
		assertThatIOException().isThrownBy(input::read).isSameAs(alert);
		this.socket.close();
		assertThat(this.verdicts).containsExactly("broken off");
	}

	@Test
	void endBeforeTheFirstByteIsExplained() throws Exception {
		reads(InputStream.nullInputStream());
		InputStream input = this.socket.getInputStream();
		assertThatIOException().isThrownBy(input::read).withMessage("explained");
		assertThat(this.verdicts).containsExactly("broken off");
		assertThat(input.read()).isEqualTo(-1);
	}

	@Test
	void failedWriteBeforeTheFirstByteIsExplained() throws Exception {
		OutputStream stream = mock(OutputStream.class);
		SocketException broken = new SocketException("Broken pipe");
		willThrow(broken).given(stream).write(any(), anyInt(), anyInt());
		given(this.inner.getOutputStream()).willReturn(stream);
		OutputStream output = this.socket.getOutputStream();
		assertThatIOException().isThrownBy(() -> output.write(1)).withMessage("explained").withCause(broken);
		assertThat(this.verdicts).containsExactly("broken off");
	}

	@Test
	void timeOutIsNoVerdict() throws Exception {
		fails(new SocketTimeoutException("Read timed out"));
		assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> this.socket.getInputStream().read());
		assertThat(this.verdicts).isEmpty();
	}

	@Test
	void endThatTheClientMadeItselfIsNoRefusal() throws Exception {
		SocketException closed = new SocketException("Socket closed");
		fails(closed);
		InputStream input = this.socket.getInputStream();
		input.close();
		then(this.inner).should().close();
		assertThatIOException().isThrownBy(input::read).isSameAs(closed);
		assertThat(this.verdicts).containsExactly("accepted");
	}

	@Test
	void endThatAnswersAGoodbyeIsConsent() throws Exception {
		reads(InputStream.nullInputStream());
		this.socket.shutdownOutput();
		then(this.inner).should().shutdownOutput();
		assertThat(this.socket.getInputStream().read()).isEqualTo(-1);
		assertThat(this.verdicts).containsExactly("accepted");
	}

	@Test
	void alertThatAnswersAGoodbyeIsRefusal() throws Exception {
		fails(new SSLException("Received fatal alert: certificate_required"));
		this.socket.shutdownOutput();
		assertThatIOException().isThrownBy(() -> this.socket.getInputStream().read()).withMessage("explained");
		assertThat(this.verdicts).containsExactly("broken off");
	}

	private void reads(InputStream stream) throws IOException {
		given(this.inner.getInputStream()).willReturn(stream);
	}

	private void fails(IOException thrown) throws IOException {
		InputStream stream = mock(InputStream.class);
		given(stream.read(any(), anyInt(), anyInt())).willThrow(thrown);
		reads(stream);
	}

}
