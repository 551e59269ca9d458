package io.github.dbtls.sample.pki;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.Date;
import java.util.List;

import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Certificate authority whose key never leaves the memory.
 */
final class Authority {

	private static final Duration ROOT_LIFETIME = Duration.ofDays(3650);

	private static final Duration INTERMEDIATE_LIFETIME = Duration.ofDays(1825);

	private final X509Certificate certificate;

	private final PrivateKey key;

	private Authority(X509Certificate certificate, PrivateKey key) {
		this.certificate = certificate;
		this.key = key;
	}

	static Authority root(String name) {
		X500Name subject = name(name);
		KeyPair keys = createKeys();
		return new Authority(authority(subject, subject, keys, keys.getPrivate(), Validity.of(ROOT_LIFETIME), 1),
				keys.getPrivate());
	}

	Authority intermediate(String name) {
		KeyPair keys = createKeys();
		return new Authority(authority(subject(), name(name), keys, this.key, Validity.of(INTERMEDIATE_LIFETIME), 0),
				keys.getPrivate());
	}

	X509Certificate certificate() {
		return this.certificate;
	}

	/**
	 * Issue the certificate of a server.
	 * @param validity when it is valid
	 * @param name the common name
	 * @param alternatives the names to be checked
	 * @return certificate and key, in front of the certificate of this authority
	 */
	ServerCertificate server(Validity validity, String name, GeneralName... alternatives) {
		KeyPair keys = createKeys();
		X509v3CertificateBuilder builder = builder(subject(), name(name), keys.getPublic(), validity);
		try {
			builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
				.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
				.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
				.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(alternatives))
				.addExtension(Extension.authorityKeyIdentifier, false,
						new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(this.certificate.getPublicKey()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (GeneralSecurityException ex) {
			throw impossible(ex);
		}
		return new ServerCertificate(List.of(sign(builder, this.key), this.certificate), keys.getPrivate());
	}

	private X500Name subject() {
		return X500Name.getInstance(this.certificate.getSubjectX500Principal().getEncoded());
	}

	private static X500Name name(String name) {
		return new X500Name("CN=" + name);
	}

	private static X509Certificate authority(X500Name issuer, X500Name subject, KeyPair keys, PrivateKey signer,
			Validity validity, int below) {
		X509v3CertificateBuilder builder = builder(issuer, subject, keys.getPublic(), validity);
		try {
			builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(below))
				.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
				.addExtension(Extension.subjectKeyIdentifier, false,
						new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (GeneralSecurityException ex) {
			throw impossible(ex);
		}
		return sign(builder, signer);
	}

	private static X509v3CertificateBuilder builder(X500Name issuer, X500Name subject, PublicKey key,
			Validity validity) {
		BigInteger serialNumber = new BigInteger(127, new SecureRandom()).setBit(126);
		return new JcaX509v3CertificateBuilder(issuer, serialNumber, Date.from(validity.start()),
				Date.from(validity.end()), subject, key);
	}

	private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey signer) {
		try {
			return new JcaX509CertificateConverter()
				.getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer)));
		}
		catch (GeneralSecurityException | OperatorCreationException ex) {
			throw impossible(ex);
		}
	}

	private static KeyPair createKeys() {
		try {
			KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
			generator.initialize(new ECGenParameterSpec("secp256r1"));
			return generator.generateKeyPair();
		}
		catch (GeneralSecurityException ex) {
			throw impossible(ex);
		}
	}

	private static IllegalStateException impossible(Exception cause) {
		return new IllegalStateException("Unable to create a certificate", cause);
	}

	@Override
	public String toString() {
		return this.certificate.getSubjectX500Principal().getName();
	}

}
