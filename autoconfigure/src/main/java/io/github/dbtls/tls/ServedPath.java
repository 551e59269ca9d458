package io.github.dbtls.tls;

import java.security.cert.X509Certificate;
import java.util.List;

import io.github.dbtls.TlsSession;
import org.jspecify.annotations.Nullable;

/**
 * The certificates of a server that a connection depends on. Where it was verified these
 * are the ones that it was verified with, and no other that the server sent: a
 * certificate beside them may expire without harm, as the one of a root that an older
 * root had signed.
 *
 * @param certificates the certificates that have to be valid, leaf first, without the
 * authority
 * @param anchor the authority, or {@code null} if nothing was verified
 */
record ServedPath(List<X509Certificate> certificates, @Nullable X509Certificate anchor) {

	/**
	 * Return what one connection depends on.
	 * @param session what was negotiated
	 * @param verified what came of verifying the server, or {@code null} if nothing was
	 * verified: the dates of all that it sent are looked at then
	 * @return the path
	 */
	static ServedPath of(TlsSession session, @Nullable VerifiedPath verified) {
		return (verified != null) ? new ServedPath(verified.certificates(), verified.authority())
				: new ServedPath(session.peerCertificates(), null);
	}

}
