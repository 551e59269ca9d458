package io.github.dbtls.tls;

import java.security.cert.X509Certificate;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Takes down what the trust manager and the key manager see of the handshake that the
 * current thread is in. JSSE gives the chain of a refused server to nobody else, and a
 * resumed session is one for which the trust manager is not asked. An {@code SSLSocket}
 * calls both in the thread that shakes hands, so that a thread's handshake is its own.
 */
final class HandshakeRecorder {

	private final ThreadLocal<Recording> current = new ThreadLocal<>();

	void begin(String host) {
		this.current.set(new Recording(host));
	}

	/**
	 * Return where the handshake of the current thread leads to.
	 * @return the host as the driver knows it, or {@code null} if there is no handshake
	 */
	@Nullable String host() {
		Recording recording = this.current.get();
		return (recording != null) ? recording.host : null;
	}

	Recording end() {
		Recording recording = this.current.get();
		this.current.remove();
		return (recording != null) ? recording : new Recording(null);
	}

	void presented(X509Certificate[] chain) {
		Recording recording = this.current.get();
		if (recording != null) {
			recording.presented = List.of(chain);
		}
	}

	void agreed(String protocol) {
		Recording recording = this.current.get();
		if (recording != null) {
			recording.protocol = protocol;
		}
	}

	void verified(VerifiedPath path) {
		Recording recording = this.current.get();
		if (recording != null) {
			recording.path = path;
		}
	}

	void asked() {
		Recording recording = this.current.get();
		if (recording != null) {
			recording.clientCertificateAsked = true;
		}
	}

	void chosen() {
		Recording recording = this.current.get();
		if (recording != null) {
			recording.clientCertificateChosen = true;
		}
	}

	/**
	 * What was seen of one handshake.
	 */
	static final class Recording {

		private final @Nullable String host;

		private List<X509Certificate> presented = List.of();

		private @Nullable String protocol;

		private @Nullable VerifiedPath path;

		private boolean clientCertificateAsked;

		private boolean clientCertificateChosen;

		private Recording(@Nullable String host) {
			this.host = host;
		}

		List<X509Certificate> presented() {
			return this.presented;
		}

		/**
		 * Return whether a session was resumed: the server shows nothing then.
		 * @return whether it was
		 */
		boolean isResumption() {
			return this.presented.isEmpty();
		}

		@Nullable String protocol() {
			return this.protocol;
		}

		@Nullable VerifiedPath path() {
			return this.path;
		}

		boolean isClientCertificateAsked() {
			return this.clientCertificateAsked;
		}

		boolean isClientCertificateChosen() {
			return this.clientCertificateChosen;
		}

	}

}
