package io.github.dbtls.tls;

import java.io.IOException;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.TlsSession;
import io.github.dbtls.diagnosis.HandshakeDiagnosis;
import io.github.dbtls.diagnosis.HandshakeFacts;

/**
 * Takes a server's late verdict down in the pool's history, as if it were part of the
 * handshake: it is one in TLS 1.2.
 *
 * @param history the history
 * @param session what was negotiated
 * @param path what the connection depends on
 * @param facts what is known of the handshake
 */
record PoolVerdict(HandshakeHistory history, TlsSession session, ServedPath path,
		HandshakeFacts facts) implements Verdict {

	@Override
	public void accepted() {
		this.history.succeeded(this.session, this.path);
	}

	@Override
	public IOException brokenOff(IOException thrown) {
		TlsHandshakeException explained = HandshakeDiagnosis.explain(this.facts, thrown);
		if (HandshakeDiagnosis.isAlert(thrown)
				|| explained.getFailure() == HandshakeFailure.CLIENT_CERTIFICATE_REFUSED) {
			this.history.failed(explained, this.session.duration());
			return explained;
		}
		// The handshake itself was good, and what ended the connection is not known.
		accepted();
		return thrown;
	}

}
