package io.github.dbtls.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/**
 * A certificate authority of the tests, a root or an intermediate one.
 */
public final class Authority {

	private final PrivateKey privateKey;

	private final X509Certificate certificate;

	private final Authority issuer;

	Authority(PrivateKey privateKey, X509Certificate certificate, Authority issuer) {
		this.privateKey = privateKey;
		this.certificate = certificate;
		this.issuer = issuer;
	}

	/**
	 * Return the certificate of this authority.
	 * @return the certificate
	 */
	public X509Certificate certificate() {
		return this.certificate;
	}

	/**
	 * Return the key that this authority signs with.
	 * @return the key
	 */
	public PrivateKey privateKey() {
		return this.privateKey;
	}

	/**
	 * Return the root above this authority, or itself.
	 * @return the root
	 */
	public Authority root() {
		return (this.issuer != null) ? this.issuer.root() : this;
	}

	/**
	 * Return the certificate of this authority as PEM.
	 * @return the text
	 */
	public String pem() {
		return Pem.of(this.certificate);
	}

	/**
	 * Write the certificate of this authority as {@code ca.pem}.
	 * @param directory where to write it, made if it is missing
	 * @return the file
	 */
	public Path writeTo(Path directory) {
		try {
			Files.createDirectories(directory);
			return Files.writeString(directory.resolve("ca.pem"), pem());
		}
		catch (IOException ex) {
			throw new IllegalStateException("Unable to write to " + directory, ex);
		}
	}

	/**
	 * Write the certificate of this authority as {@code ca.p12}, a trust store with the
	 * password {@link TestCertificates#PASSWORD}, the only kind that the driver reads by
	 * itself.
	 * @param directory where to write it, made if it is missing
	 * @return the file
	 */
	public Path writeTrustStoreTo(Path directory) {
		return TestCertificates.write(TestCertificates.trustStore(this.certificate), directory.resolve("ca.p12"));
	}

	/**
	 * Issue the certificate of an authority below this one.
	 * @param subject its name, such as {@code CN=Test Intermediate}
	 * @return the new authority
	 */
	public Authority intermediate(String subject) {
		return issue(subject).authority();
	}

	/**
	 * Issue the certificate of a server: the first name is the common name too, and each
	 * one a subject alternative name, of an IP address if it looks like one.
	 * @param names the names of the server
	 * @return the server's identity
	 */
	public Identity server(String... names) {
		return issue("CN=" + names[0]).names(names).purposes(CertificateBuilder.Purpose.SERVER_AUTH).identity();
	}

	/**
	 * Issue the certificate of a client.
	 * @param commonName its common name
	 * @return the client's identity
	 */
	public Identity client(String commonName) {
		return issue("CN=" + commonName).purposes(CertificateBuilder.Purpose.CLIENT_AUTH).identity();
	}

	/**
	 * Start to issue any other certificate.
	 * @param subject its name, such as {@code CN=db.example.com,O=Test}; may be empty
	 * @return a builder
	 */
	public CertificateBuilder issue(String subject) {
		return new CertificateBuilder(subject, this);
	}

	/**
	 * Return what an honest server sends behind its leaf: this authority and those above,
	 * without the root.
	 * @return the certificates
	 */
	List<X509Certificate> intermediates() {
		List<X509Certificate> intermediates = new ArrayList<>();
		for (Authority authority = this; authority.issuer != null; authority = authority.issuer) {
			intermediates.add(authority.certificate);
		}
		return intermediates;
	}

}
