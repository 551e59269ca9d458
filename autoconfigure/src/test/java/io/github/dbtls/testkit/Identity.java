package io.github.dbtls.testkit;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * What a server or a client shows in a TLS handshake.
 *
 * @param privateKey the private key of the first certificate
 * @param chain the certificates that are sent, as they are sent: an honest chain has the
 * leaf first, each issuer next, and no root
 */
public record Identity(PrivateKey privateKey, List<X509Certificate> chain) {

	public Identity {
		chain = List.copyOf(chain);
	}

	/**
	 * Return the certificate of this server or client.
	 * @return the first certificate
	 */
	public X509Certificate certificate() {
		return this.chain.get(0);
	}

	/**
	 * Return this identity with exactly these certificates behind the leaf.
	 * @param issuers the certificates to send after the leaf, in this order
	 * @return the new identity
	 */
	public Identity withIntermediates(X509Certificate... issuers) {
		List<X509Certificate> chain = new ArrayList<>(List.of(certificate()));
		chain.addAll(List.of(issuers));
		return new Identity(this.privateKey, chain);
	}

	/**
	 * Return this identity without any certificate but the leaf, as a wrongly configured
	 * server sends it.
	 * @return the new identity
	 */
	public Identity withoutIntermediates() {
		return withIntermediates();
	}

	/**
	 * Return this identity with the certificates behind the leaf in reverse order.
	 * @return the new identity
	 */
	public Identity withWrongOrder() {
		List<X509Certificate> issuers = new ArrayList<>(this.chain.subList(1, this.chain.size()));
		Collections.reverse(issuers);
		return withIntermediates(issuers.toArray(X509Certificate[]::new));
	}

	/**
	 * Return this identity with more certificates at the end of the chain.
	 * @param extras the certificates to add
	 * @return the new identity
	 */
	public Identity withExtras(X509Certificate... extras) {
		List<X509Certificate> chain = new ArrayList<>(this.chain);
		chain.addAll(List.of(extras));
		return new Identity(this.privateKey, chain);
	}

	/**
	 * Return the chain as PEM, as it would stand in a server's {@code ssl-cert} file.
	 * @return the text
	 */
	public String chainPem() {
		return Pem.of(this.chain);
	}

	/**
	 * Return the private key as an unencrypted PKCS#8 PEM text.
	 * @return the text
	 */
	public String keyPem() {
		return Pem.of(this.privateKey);
	}

	/**
	 * Write {@code cert.pem} and {@code key.pem}.
	 * @param directory where to write them, made if it is missing
	 * @return the directory
	 */
	public Path writeTo(Path directory) {
		try {
			Files.createDirectories(directory);
			Files.writeString(directory.resolve("cert.pem"), chainPem());
			Files.writeString(directory.resolve("key.pem"), keyPem());
			return directory;
		}
		catch (IOException ex) {
			throw new IllegalStateException("Unable to write to " + directory, ex);
		}
	}

	/**
	 * Return a PKCS#12 key store whose entry {@code identity} has the password
	 * {@link TestCertificates#PASSWORD}. A chain that is out of order does not go into
	 * one: use {@link #serverContext()} for it.
	 * @return the key store
	 */
	public KeyStore toKeyStore() {
		try {
			KeyStore keyStore = KeyStore.getInstance("PKCS12");
			keyStore.load(null, null);
			keyStore.setKeyEntry("identity", this.privateKey, TestCertificates.PASSWORD.toCharArray(),
					this.chain.toArray(X509Certificate[]::new));
			return keyStore;
		}
		catch (IOException | GeneralSecurityException ex) {
			throw new IllegalStateException("Unable to make a key store", ex);
		}
	}

	/**
	 * Return the SSL context of a server that shows this identity, whatever its chain.
	 * @param trustedClients the authorities whose client certificates it accepts
	 * @return a new SSL context, with no session in its cache
	 */
	public SSLContext serverContext(X509Certificate... trustedClients) {
		return context(trustedClients);
	}

	/**
	 * Return the SSL context of a client that shows this identity if the server asks.
	 * @param trustedServers the authorities whose server certificates it accepts
	 * @return a new SSL context, with no session in its cache
	 */
	public SSLContext clientContext(X509Certificate... trustedServers) {
		return context(trustedServers);
	}

	/**
	 * Return the SSL context of a server that shows this identity first, and another one
	 * in further handshakes of the same connection.
	 * @param later what it shows then, with a key of the same type
	 * @return a new SSL context
	 */
	public SSLContext changingServerContext(Identity later) {
		return context(new ChangingKeyManager(this, later));
	}

	private SSLContext context(X509Certificate... trusted) {
		return context(new FixedKeyManager(this), trusted);
	}

	private static SSLContext context(KeyManager keyManager, X509Certificate... trusted) {
		try {
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(new KeyManager[] { keyManager }, trustManagers(trusted), null);
			return context;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Unable to make an SSL context", ex);
		}
	}

	static TrustManager[] trustManagers(X509Certificate... trusted) throws GeneralSecurityException {
		TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
		factory.init(TestCertificates.trustStore(trusted));
		return (trusted.length != 0) ? factory.getTrustManagers() : new TrustManager[0];
	}

	/**
	 * Shows one chain as it is, with no check and no choice: a key store would refuse a
	 * chain that is out of order, and the JDK's key manager an expired certificate.
	 */
	private static class FixedKeyManager extends X509ExtendedKeyManager {

		private static final String ALIAS = "identity";

		private final Identity identity;

		FixedKeyManager(Identity identity) {
			this.identity = identity;
		}

		private String alias(String... keyTypes) {
			String algorithm = this.identity.privateKey().getAlgorithm();
			for (String keyType : keyTypes) {
				if (keyType.equals(algorithm) || keyType.startsWith(algorithm + "_")
						|| (keyType.equals("RSASSA-PSS") && algorithm.equals("RSA"))) {
					return ALIAS;
				}
			}
			return null;
		}

		@Override
		public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
			return alias(keyType);
		}

		@Override
		public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
			return alias(keyType);
		}

		@Override
		public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
			return alias(keyTypes);
		}

		@Override
		public String chooseEngineClientAlias(String[] keyTypes, Principal[] issuers, SSLEngine engine) {
			return alias(keyTypes);
		}

		@Override
		public String[] getServerAliases(String keyType, Principal[] issuers) {
			return new String[] { ALIAS };
		}

		@Override
		public String[] getClientAliases(String keyType, Principal[] issuers) {
			return new String[] { ALIAS };
		}

		@Override
		public X509Certificate[] getCertificateChain(String alias) {
			return chain();
		}

		@Override
		public PrivateKey getPrivateKey(String alias) {
			return key();
		}

		X509Certificate[] chain() {
			return this.identity.chain().toArray(X509Certificate[]::new);
		}

		PrivateKey key() {
			return this.identity.privateKey();
		}

	}

	/**
	 * Shows another identity from the second handshake of a connection on.
	 */
	private static final class ChangingKeyManager extends FixedKeyManager {

		private static final String LATER = "later";

		private final FixedKeyManager later;

		private final Set<Socket> seen = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

		private ChangingKeyManager(Identity first, Identity later) {
			super(first);
			this.later = new FixedKeyManager(later);
		}

		@Override
		public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
			String alias = super.chooseServerAlias(keyType, issuers, socket);
			return (alias != null && !this.seen.add(socket)) ? LATER : alias;
		}

		@Override
		public X509Certificate[] getCertificateChain(String alias) {
			return (alias.equals(LATER) ? this.later : this).chain();
		}

		@Override
		public PrivateKey getPrivateKey(String alias) {
			return (alias.equals(LATER) ? this.later : this).key();
		}

	}

}
