package io.github.dbtls.sample.pki;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.util.io.pem.PemGenerationException;

/**
 * What a server shows to its clients, and the key that proves it.
 *
 * @param chain certificate of the server in front of that of the authority below the root
 * @param privateKey private key of the server
 */
public record ServerCertificate(List<X509Certificate> chain, PrivateKey privateKey) {

	/**
	 * Return the file that a server sends to its clients.
	 * @return the chain as PEM
	 */
	public String chainPem() {
		return Pem.of(this.chain);
	}

	/**
	 * Return the file that a server keeps to itself.
	 * @return the private key as PEM
	 */
	public String privateKeyPem() {
		try {
			return Pem.of(List.of(new JcaPKCS8Generator(this.privateKey, null)));
		}
		catch (PemGenerationException ex) {
			throw new IllegalStateException("Unable to write a private key", ex);
		}
	}

	@Override
	public String toString() {
		X509Certificate server = this.chain.get(0);
		return "ServerCertificate[subject=%s, issuer=%s]".formatted(server.getSubjectX500Principal(),
				server.getIssuerX500Principal());
	}

}
