package io.github.dbtls.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

import io.github.dbtls.trust.ClientKey;
import org.jspecify.annotations.Nullable;

/**
 * Shows the one certificate that the user configured, to every server that asks for one
 * and can verify a key of its kind.
 * <p>
 * The JDK's own key manager shows none to a server whose list of acceptable authorities
 * lacks the certificate's issuer (RFC 8446, 4.2.4). The handshake then succeeds, and the
 * login fails with "access denied", as if the password were wrong. Servers know more than
 * they list (RFC 8446 lets them list nothing at all), and MySQL's own client sends its
 * certificate whatever they list: so does this, and a server that refuses it says so.
 */
final class ClientKeyManager extends X509ExtendedKeyManager {

	private static final String ALIAS = "client";

	private final @Nullable ClientKey key;

	private final HandshakeRecorder recorder;

	/**
	 * Create a key manager.
	 * @param key what to show, or {@code null} to show nothing and only notice that a
	 * server asks
	 * @param recorder takes down what it is asked
	 */
	ClientKeyManager(@Nullable ClientKey key, HandshakeRecorder recorder) {
		this.key = key;
		this.recorder = recorder;
	}

	@Override
	public @Nullable String chooseClientAlias(String[] keyTypes, Principal @Nullable [] issuers,
			@Nullable Socket socket) {
		this.recorder.asked();
		if (Arrays.stream(keyTypes).noneMatch(this::isOfType)) {
			return null;
		}
		this.recorder.chosen();
		return ALIAS;
	}

	private boolean isOfType(String keyType) {
		if (this.key == null) {
			return false;
		}
		String algorithm = this.key.privateKey().getAlgorithm();
		return keyType.equals(algorithm) || (keyType.startsWith("Ed") && algorithm.startsWith("Ed"));
	}

	@Override
	public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
		return isOfType(keyType) ? new String[] { ALIAS } : null;
	}

	@Override
	public X509Certificate @Nullable [] getCertificateChain(String alias) {
		return (this.key != null && alias.equals(ALIAS)) ? this.key.chain().toArray(X509Certificate[]::new) : null;
	}

	@Override
	public @Nullable PrivateKey getPrivateKey(String alias) {
		return (this.key != null && alias.equals(ALIAS)) ? this.key.privateKey() : null;
	}

	@Override
	public @Nullable String chooseEngineClientAlias(String[] keyTypes, Principal @Nullable [] issuers,
			@Nullable SSLEngine engine) {
		return chooseClientAlias(keyTypes, issuers, null);
	}

	@Override
	public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
		return null;
	}

	@Override
	public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
		return null;
	}

}
