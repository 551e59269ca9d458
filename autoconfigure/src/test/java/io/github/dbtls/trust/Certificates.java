package io.github.dbtls.trust;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import io.github.dbtls.testkit.Secrets;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v1CertificateBuilder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v1CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS12PfxPduBuilder;
import org.bouncycastle.pkcs.PKCS12SafeBag;
import org.bouncycastle.pkcs.PKCS12SafeBagBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/**
 * Makes certificates, and the files that they come in.
 */
final class Certificates {

	static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

	static final Instant BEFORE = NOW.minus(Duration.ofDays(100));

	static final Instant AFTER = NOW.plus(Duration.ofDays(1000));

	static final KeyPair KEY = key();

	private static final KeyPair OTHER_KEY = key();

	private static final AtomicInteger serials = new AtomicInteger(1);

	private Certificates() {
	}

	static X509Certificate authority(String name) {
		return authority(name, BEFORE, AFTER);
	}

	static X509Certificate authority(String name, Instant from, Instant to) {
		return version3("CN=" + name, "CN=" + name, from, to, new BasicConstraints(true), KeyUsage.keyCertSign);
	}

	static X509Certificate server(String name, String issuer) {
		return version3("CN=" + name, "CN=" + issuer, BEFORE, AFTER, new BasicConstraints(false),
				KeyUsage.digitalSignature);
	}

	static X509Certificate withoutConstraints(String name) {
		return version3("CN=" + name, "CN=" + name, BEFORE, AFTER, null, 0);
	}

	static X509Certificate withoutKeyCertSign(String name) {
		return version3("CN=" + name, "CN=" + name, BEFORE, AFTER, new BasicConstraints(true), KeyUsage.cRLSign);
	}

	static X509Certificate withoutKeyUsage(String name) {
		return version3("CN=" + name, "CN=" + name, BEFORE, AFTER, new BasicConstraints(true), 0);
	}

	static X509Certificate version1(String name, String issuer) {
		return version1(name, issuer, KEY);
	}

	static X509Certificate version1SelfIssuedOnly(String name) {
		return version1(name, name, OTHER_KEY);
	}

	private static X509Certificate version1(String name, String issuer, KeyPair signer) {
		X509v1CertificateBuilder builder = new JcaX509v1CertificateBuilder(new X500Name("CN=" + issuer),
				BigInteger.valueOf(serials.getAndIncrement()), Date.from(BEFORE), Date.from(AFTER),
				new X500Name("CN=" + name), KEY.getPublic());
		return attempt(() -> new JcaX509CertificateConverter().getCertificate(builder.build(signer(signer))));
	}

	static X509Certificate version3(String subject, String issuer, Instant from, Instant to,
			BasicConstraints constraints, int usage) {
		byte[] encoded = version3Der(subject, issuer, from, to, constraints, usage);
		return attempt(() -> new JcaX509CertificateConverter().getCertificate(new X509CertificateHolder(encoded)));
	}

	static byte[] version3Der(String subject, String issuer, Instant from, Instant to, BasicConstraints constraints,
			int usage) {
		X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(new X500Name(issuer),
				BigInteger.valueOf(serials.getAndIncrement()), Date.from(from), Date.from(to), new X500Name(subject),
				KEY.getPublic());
		return attempt(() -> {
			if (constraints != null) {
				builder.addExtension(Extension.basicConstraints, true, constraints);
			}
			if (usage != 0) {
				builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
			}
			return builder.build(signer(KEY)).getEncoded();
		});
	}

	static byte[] request() {
		return attempt(() -> new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=request"), KEY.getPublic())
			.build(signer(KEY))
			.getEncoded());
	}

	static byte[] revocationList() {
		return attempt(
				() -> new JcaX509v2CRLBuilder(authority("revoker"), Date.from(NOW)).build(signer(KEY)).getEncoded());
	}

	static byte[] der(X509Certificate certificate) {
		return attempt(certificate::getEncoded);
	}

	static String pem(X509Certificate... certificates) {
		return Arrays.stream(certificates)
			.map((certificate) -> pem("CERTIFICATE", der(certificate)))
			.collect(Collectors.joining());
	}

	static String pem(String label, byte[] content) {
		return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(label,
				Base64.getMimeEncoder(64, new byte[] { '\n' }).encodeToString(content), label);
	}

	static byte[] pkcs7(X509Certificate... certificates) {
		return pkcs7("DER", certificates);
	}

	static byte[] pkcs7(String encoding, X509Certificate... certificates) {
		return attempt(() -> {
			CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
			generator.addCertificates(new JcaCertStore(List.of(certificates)));
			return generator.generate(new CMSProcessableByteArray(new byte[0])).getEncoded(encoding);
		});
	}

	static byte[] jks(String password, X509Certificate... certificates) {
		return keyStore("JKS", password, certificates);
	}

	static byte[] pkcs12(String password, X509Certificate... certificates) {
		return keyStore("PKCS12", password, certificates);
	}

	static byte[] keyStore(String type, String password, X509Certificate... certificates) {
		return attempt(() -> {
			KeyStore store = KeyStore.getInstance(type);
			store.load(null, null);
			for (int i = 0; i < certificates.length; i++) {
				store.setCertificateEntry("ca-" + i, certificates[i]);
			}
			return bytes(store, password);
		});
	}

	static byte[] keyStoreWithKey(String type, String password, X509Certificate... authorities) {
		return attempt(() -> {
			KeyStore store = KeyStore.getInstance(type);
			store.load(null, null);
			store.setKeyEntry("key", KEY.getPrivate(), password.toCharArray(),
					new X509Certificate[] { server("db", "ca") });
			for (int i = 0; i < authorities.length; i++) {
				store.setCertificateEntry("ca-" + i, authorities[i]);
			}
			return bytes(store, password);
		});
	}

	/** Neither encrypted nor authenticated, as {@code keytool} can make since JDK 17. */
	static byte[] pkcs12WithoutPassword(boolean marked, X509Certificate... certificates) {
		return attempt(() -> {
			PKCS12SafeBag[] bags = new PKCS12SafeBag[certificates.length];
			for (int i = 0; i < bags.length; i++) {
				PKCS12SafeBagBuilder bag = new PKCS12SafeBagBuilder(new JcaX509CertificateHolder(certificates[i]));
				if (marked) {
					bag.addBagAttribute(new ASN1ObjectIdentifier("2.16.840.1.113894.746875.1.1"),
							new ASN1ObjectIdentifier("2.5.29.37.0"));
				}
				bags[i] = bag.build();
			}
			PKCS12PfxPduBuilder builder = new PKCS12PfxPduBuilder();
			for (PKCS12SafeBag bag : bags) {
				builder.addData(bag);
			}
			return builder.build(null, null).getEncoded("DER");
		});
	}

	static byte[] zip(Map<String, byte[]> entries) {
		return attempt(() -> {
			ByteArrayOutputStream bytes = new ByteArrayOutputStream();
			try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
				for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
					zip.putNextEntry(new ZipEntry(entry.getKey()));
					zip.write(entry.getValue());
				}
			}
			return bytes.toByteArray();
		});
	}

	static byte[] ascii(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static byte[] bytes(KeyStore store, String password) throws IOException, GeneralSecurityException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		store.store(bytes, password.toCharArray());
		return bytes.toByteArray();
	}

	private static ContentSigner signer(KeyPair pair) throws OperatorCreationException {
		return new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate());
	}

	private static KeyPair key() {
		return attempt(() -> {
			KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
			generator.initialize(256);
			KeyPair keys = generator.generateKeyPair();
			Secrets.key(keys.getPrivate());
			return keys;
		});
	}

	private static <T> T attempt(Attempt<T> attempt) {
		try {
			return attempt.run();
		}
		catch (GeneralSecurityException | IOException | OperatorCreationException | CMSException | PKCSException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private interface Attempt<T> {

		T run() throws GeneralSecurityException, IOException, OperatorCreationException, CMSException, PKCSException;

	}

}
