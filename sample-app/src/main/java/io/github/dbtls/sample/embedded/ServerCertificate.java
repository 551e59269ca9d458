package io.github.dbtls.sample.embedded;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;

import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Certificate for {@code localhost} from a certificate authority that is made for this
 * one certificate and whose key is forgotten at once, all as PEM.
 *
 * @param authority certificate of the authority, what a client has to trust
 * @param certificate certificate of the server
 * @param privateKey private key of the server
 */
record ServerCertificate(String authority, String certificate, String privateKey) {

	private static final X500Name AUTHORITY_NAME = new X500Name("CN=dbtls sample CA");

	private static final X500Name SERVER_NAME = new X500Name("CN=localhost");

	// Health warns 14 days before the end.
	private static final Duration LIFETIME = Duration.ofDays(90);

	static ServerCertificate create() {
		try {
			KeyPair authorityKeys = createKeys();
			ContentSigner signer = new JcaContentSignerBuilder("SHA256withECDSA").build(authorityKeys.getPrivate());
			KeyPair serverKeys = createKeys();
			return new ServerCertificate(pem(authority(authorityKeys).build(signer)),
					pem(server(serverKeys, authorityKeys).build(signer)),
					pem(new JcaPKCS8Generator(serverKeys.getPrivate(), null)));
		}
		catch (GeneralSecurityException | OperatorCreationException ex) {
			throw new IllegalStateException("Unable to create a server certificate", ex);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Unable to create a server certificate", ex);
		}
	}

	private static X509v3CertificateBuilder authority(KeyPair keys) throws GeneralSecurityException, IOException {
		return builder(AUTHORITY_NAME, keys).addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
			.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
			.addExtension(Extension.subjectKeyIdentifier, false,
					new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
	}

	private static X509v3CertificateBuilder server(KeyPair keys, KeyPair authorityKeys)
			throws GeneralSecurityException, IOException {
		GeneralName[] names = { new GeneralName(GeneralName.dNSName, "localhost"),
				new GeneralName(GeneralName.iPAddress, "127.0.0.1") };
		return builder(SERVER_NAME, keys).addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
			.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
			.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
			.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names))
			.addExtension(Extension.authorityKeyIdentifier, false,
					new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(authorityKeys.getPublic()));
	}

	private static X509v3CertificateBuilder builder(X500Name subject, KeyPair keys) {
		// Clocks of client and server are the same; an hour covers a step of that clock.
		Instant start = Instant.now().minus(Duration.ofHours(1));
		BigInteger serialNumber = new BigInteger(127, new SecureRandom()).setBit(126);
		return new JcaX509v3CertificateBuilder(AUTHORITY_NAME, serialNumber, Date.from(start),
				Date.from(start.plus(LIFETIME)), subject, keys.getPublic());
	}

	private static KeyPair createKeys() throws GeneralSecurityException {
		KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
		generator.initialize(new ECGenParameterSpec("secp256r1"));
		return generator.generateKeyPair();
	}

	private static String pem(Object content) throws IOException {
		StringWriter result = new StringWriter();
		try (JcaPEMWriter writer = new JcaPEMWriter(result)) {
			writer.writeObject(content);
		}
		return result.toString();
	}

	@Override
	public String toString() {
		return "ServerCertificate[subject=%s, issuer=%s]".formatted(SERVER_NAME, AUTHORITY_NAME);
	}

}
