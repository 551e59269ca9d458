package io.github.dbtls.testkit;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;

import javax.security.auth.x500.X500Principal;

import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v1CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Builds one certificate, an honest one unless told otherwise: EC P-256, SHA-256, valid
 * from yesterday for a year, with the basic constraints and key usage of its role.
 */
public final class CertificateBuilder {

	private final String subject;

	private final Authority issuer;

	private final List<GeneralName> names = new ArrayList<>();

	private final List<GeneralSubtree> permitted = new ArrayList<>();

	private final List<GeneralSubtree> excluded = new ArrayList<>();

	private final List<KeyPurposeId> purposes = new ArrayList<>();

	private Instant notBefore = Instant.now().truncatedTo(ChronoUnit.SECONDS).minus(Duration.ofDays(1));

	private Instant notAfter = this.notBefore.plus(Duration.ofDays(366));

	private KeyType keyType = KeyType.EC_P256;

	private KeyPair keyPair;

	private String signatureAlgorithm;

	private BigInteger serialNumber = new BigInteger(63, new SecureRandom()).add(BigInteger.ONE);

	private Boolean ca;

	private Integer pathLength;

	private boolean withBasicConstraints = true;

	private boolean withKeyUsage = true;

	private Integer keyUsage;

	private boolean version1;

	private boolean withEmptyNames;

	private boolean withUnknownExtension;

	private boolean withIssuersIssuer;

	CertificateBuilder(String subject, Authority issuer) {
		this.subject = subject;
		this.issuer = issuer;
	}

	/**
	 * Add subject alternative names, of type IP address where they look like one.
	 * @param names the names
	 * @return this builder
	 */
	public CertificateBuilder names(String... names) {
		for (String name : names) {
			if (name.matches("[0-9.]+") || name.contains(":")) {
				ip(name);
			}
			else {
				dns(name);
			}
		}
		return this;
	}

	/**
	 * Add subject alternative names of type DNS, whatever they look like.
	 * @param names the names
	 * @return this builder
	 */
	public CertificateBuilder dns(String... names) {
		Arrays.stream(names).map((name) -> new GeneralName(GeneralName.dNSName, name)).forEach(this.names::add);
		return this;
	}

	/**
	 * Add subject alternative names of type IP address.
	 * @param addresses the addresses
	 * @return this builder
	 */
	public CertificateBuilder ip(String... addresses) {
		Arrays.stream(addresses)
			.map((address) -> new GeneralName(GeneralName.iPAddress, address))
			.forEach(this.names::add);
		return this;
	}

	/**
	 * Add subject alternative names of type URI.
	 * @param uris the URIs
	 * @return this builder
	 */
	public CertificateBuilder uri(String... uris) {
		Arrays.stream(uris)
			.map((uri) -> new GeneralName(GeneralName.uniformResourceIdentifier, uri))
			.forEach(this.names::add);
		return this;
	}

	/**
	 * Add subject alternative names of type e-mail address.
	 * @param addresses the addresses
	 * @return this builder
	 */
	public CertificateBuilder email(String... addresses) {
		Arrays.stream(addresses)
			.map((address) -> new GeneralName(GeneralName.rfc822Name, address))
			.forEach(this.names::add);
		return this;
	}

	/**
	 * Add the extension for subject alternative names even if there is none.
	 * @return this builder
	 */
	public CertificateBuilder withEmptyNames() {
		this.withEmptyNames = true;
		return this;
	}

	/**
	 * Write down who issued the certificate of the issuer, as OpenSSL does with
	 * {@code authorityKeyIdentifier=keyid,issuer:always}.
	 * @return this builder
	 */
	public CertificateBuilder namingTheIssuersIssuer() {
		this.withIssuersIssuer = true;
		return this;
	}

	/**
	 * Add a critical extension that nobody knows.
	 * @return this builder
	 */
	public CertificateBuilder unknownExtension() {
		this.withUnknownExtension = true;
		return this;
	}

	/**
	 * Set the first moment of validity.
	 * @param notBefore the moment
	 * @return this builder
	 */
	public CertificateBuilder notBefore(Instant notBefore) {
		this.notBefore = notBefore;
		return this;
	}

	/**
	 * Set the last moment of validity.
	 * @param notAfter the moment
	 * @return this builder
	 */
	public CertificateBuilder notAfter(Instant notAfter) {
		this.notAfter = notAfter;
		return this;
	}

	/**
	 * Make it end a while from now, or before now if the time is negative.
	 * @param time the time from now
	 * @return this builder
	 */
	public CertificateBuilder expiresIn(Duration time) {
		this.notAfter = Instant.now().truncatedTo(ChronoUnit.SECONDS).plus(time);
		if (!this.notBefore.isBefore(this.notAfter)) {
			this.notBefore = this.notAfter.minus(Duration.ofDays(365));
		}
		return this;
	}

	/**
	 * Make it one that has ended an hour ago.
	 * @return this builder
	 */
	public CertificateBuilder expired() {
		return expiresIn(Duration.ofHours(-1));
	}

	/**
	 * Make it one that begins tomorrow.
	 * @return this builder
	 */
	public CertificateBuilder notYetValid() {
		return notBefore(Instant.now().truncatedTo(ChronoUnit.SECONDS).plus(Duration.ofDays(1)));
	}

	/**
	 * Set the type of the key.
	 * @param keyType the type
	 * @return this builder
	 */
	public CertificateBuilder key(KeyType keyType) {
		this.keyType = keyType;
		return this;
	}

	/**
	 * Use a key pair that exists, as when a certificate is renewed.
	 * @param keyPair the key pair
	 * @return this builder
	 */
	public CertificateBuilder key(KeyPair keyPair) {
		this.keyPair = keyPair;
		return this;
	}

	/**
	 * Set the algorithm that the issuer signs with; it must fit the issuer's key.
	 * @param algorithm the JCA name, such as {@code SHA1withRSA}
	 * @return this builder
	 */
	public CertificateBuilder signatureAlgorithm(String algorithm) {
		this.signatureAlgorithm = algorithm;
		return this;
	}

	/**
	 * Set the serial number.
	 * @param serialNumber the number
	 * @return this builder
	 */
	public CertificateBuilder serialNumber(BigInteger serialNumber) {
		this.serialNumber = serialNumber;
		return this;
	}

	/**
	 * Say in the basic constraints whether it is an authority, whatever it is used for.
	 * @param ca the value to write
	 * @return this builder
	 */
	public CertificateBuilder ca(boolean ca) {
		this.ca = ca;
		return this;
	}

	/**
	 * Limit the number of authorities below this one.
	 * @param pathLength the number
	 * @return this builder
	 */
	public CertificateBuilder pathLength(int pathLength) {
		this.pathLength = pathLength;
		return this;
	}

	/**
	 * Leave the basic constraints out.
	 * @return this builder
	 */
	public CertificateBuilder withoutBasicConstraints() {
		this.withBasicConstraints = false;
		return this;
	}

	/**
	 * Set the key usage.
	 * @param bits bits of {@link KeyUsage}
	 * @return this builder
	 */
	public CertificateBuilder keyUsage(int bits) {
		this.keyUsage = bits;
		return this;
	}

	/**
	 * Leave the key usage out.
	 * @return this builder
	 */
	public CertificateBuilder withoutKeyUsage() {
		this.withKeyUsage = false;
		return this;
	}

	/**
	 * Set the extended key usage; there is none unless this is called.
	 * @param purposes the purposes
	 * @return this builder
	 */
	public CertificateBuilder purposes(Purpose... purposes) {
		this.purposes.clear();
		Arrays.stream(purposes).map((purpose) -> purpose.id).forEach(this.purposes::add);
		return this;
	}

	/**
	 * Permit only DNS names below these in certificates under this authority.
	 * @param domains the domains
	 * @return this builder
	 */
	public CertificateBuilder permittedDns(String... domains) {
		Arrays.stream(domains).map(CertificateBuilder::subtree).forEach(this.permitted::add);
		return this;
	}

	/**
	 * Exclude DNS names below these from certificates under this authority.
	 * @param domains the domains
	 * @return this builder
	 */
	public CertificateBuilder excludedDns(String... domains) {
		Arrays.stream(domains).map(CertificateBuilder::subtree).forEach(this.excluded::add);
		return this;
	}

	/**
	 * Permit only IP addresses of these networks in certificates under this authority.
	 * @param networks the networks, such as {@code 10.0.0.0/8}
	 * @return this builder
	 */
	public CertificateBuilder permittedIp(String... networks) {
		Arrays.stream(networks).map(CertificateBuilder::ipSubtree).forEach(this.permitted::add);
		return this;
	}

	/**
	 * Exclude IP addresses of these networks from certificates under this authority.
	 * @param networks the networks, such as {@code 127.0.0.0/8}
	 * @return this builder
	 */
	public CertificateBuilder excludedIp(String... networks) {
		Arrays.stream(networks).map(CertificateBuilder::ipSubtree).forEach(this.excluded::add);
		return this;
	}

	/**
	 * Make it an X.509 version 1 certificate, which has no extensions at all.
	 * @return this builder
	 */
	public CertificateBuilder version1() {
		this.version1 = true;
		return this;
	}

	/**
	 * Build an authority, whose key nobody else has.
	 * @return the authority
	 */
	public Authority authority() {
		KeyPair keys = (this.keyPair != null) ? this.keyPair : this.keyType.fresh();
		X509Certificate certificate = sign(keys, true);
		return new Authority(keys.getPrivate(), certificate, this.issuer);
	}

	/**
	 * Build a server or client, with the issuers that an honest one sends.
	 * @return the identity
	 */
	public Identity identity() {
		KeyPair keys = (this.keyPair != null) ? this.keyPair : this.keyType.shared();
		List<X509Certificate> chain = new ArrayList<>(List.of(sign(keys, false)));
		if (this.issuer != null) {
			chain.addAll(this.issuer.intermediates());
		}
		return new Identity(keys.getPrivate(), chain);
	}

	private X509Certificate sign(KeyPair keys, boolean authority) {
		PrivateKey signingKey = (this.issuer != null) ? this.issuer.privateKey() : keys.getPrivate();
		String algorithm = (this.signatureAlgorithm != null) ? this.signatureAlgorithm
				: KeyType.signatureAlgorithm(signingKey.getAlgorithm());
		try {
			JcaContentSignerBuilder signerBuilder = new JcaContentSignerBuilder(algorithm);
			if (algorithm.endsWith("andMGF1")) {
				// The JDK has RSASSA-PSS under another name, with parameters to be set.
				signerBuilder.setProvider(new BouncyCastleProvider());
			}
			ContentSigner signer = signerBuilder.build(signingKey);
			X509CertificateHolder holder = this.version1 ? version1(keys).build(signer)
					: version3(keys, authority).build(signer);
			return new JcaX509CertificateConverter().getCertificate(holder);
		}
		catch (IOException | GeneralSecurityException | OperatorCreationException ex) {
			throw new IllegalStateException("Unable to sign '%s' with %s".formatted(this.subject, algorithm), ex);
		}
	}

	private JcaX509v1CertificateBuilder version1(KeyPair keys) {
		return new JcaX509v1CertificateBuilder(issuerName(), this.serialNumber, Date.from(this.notBefore),
				Date.from(this.notAfter), new X500Principal(this.subject), keys.getPublic());
	}

	private X509v3CertificateBuilder version3(KeyPair keys, boolean authority)
			throws IOException, GeneralSecurityException {
		X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(issuerName(), this.serialNumber,
				Date.from(this.notBefore), Date.from(this.notAfter), new X500Principal(this.subject), keys.getPublic());
		JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
		builder.addExtension(Extension.subjectKeyIdentifier, false,
				extensions.createSubjectKeyIdentifier(keys.getPublic()));
		if (this.issuer != null) {
			builder.addExtension(Extension.authorityKeyIdentifier, false,
					this.withIssuersIssuer ? extensions.createAuthorityKeyIdentifier(this.issuer.certificate())
							: extensions.createAuthorityKeyIdentifier(this.issuer.certificate().getPublicKey()));
		}
		boolean isAuthority = (this.ca != null) ? this.ca : authority;
		if (this.withBasicConstraints) {
			builder.addExtension(Extension.basicConstraints, true, (isAuthority && this.pathLength != null)
					? new BasicConstraints(this.pathLength) : new BasicConstraints(isAuthority));
		}
		if (this.withKeyUsage) {
			builder.addExtension(Extension.keyUsage, true, new KeyUsage((this.keyUsage != null) ? this.keyUsage
					: defaultKeyUsage(isAuthority, keys.getPublic().getAlgorithm())));
		}
		if (!this.names.isEmpty() || this.withEmptyNames) {
			builder.addExtension(Extension.subjectAlternativeName, this.subject.isEmpty(),
					new GeneralNames(this.names.toArray(GeneralName[]::new)));
		}
		if (this.withUnknownExtension) {
			builder.addExtension(new ASN1ObjectIdentifier("1.3.6.1.4.1.55555.1"), true, DERNull.INSTANCE);
		}
		if (!this.purposes.isEmpty()) {
			builder.addExtension(Extension.extendedKeyUsage, false,
					new ExtendedKeyUsage(this.purposes.toArray(KeyPurposeId[]::new)));
		}
		if (!this.permitted.isEmpty() || !this.excluded.isEmpty()) {
			builder.addExtension(Extension.nameConstraints, true,
					new NameConstraints(subtrees(this.permitted), subtrees(this.excluded)));
		}
		return builder;
	}

	private X500Principal issuerName() {
		return (this.issuer != null) ? this.issuer.certificate().getSubjectX500Principal()
				: new X500Principal(this.subject);
	}

	private static int defaultKeyUsage(boolean authority, String keyAlgorithm) {
		if (authority) {
			return KeyUsage.keyCertSign | KeyUsage.cRLSign;
		}
		return keyAlgorithm.equals("RSA") ? KeyUsage.digitalSignature | KeyUsage.keyEncipherment
				: KeyUsage.digitalSignature;
	}

	private static GeneralSubtree subtree(String domain) {
		return new GeneralSubtree(new GeneralName(GeneralName.dNSName, domain));
	}

	private static GeneralSubtree ipSubtree(String network) {
		return new GeneralSubtree(new GeneralName(GeneralName.iPAddress, network));
	}

	private static GeneralSubtree[] subtrees(List<GeneralSubtree> subtrees) {
		return subtrees.isEmpty() ? null : subtrees.toArray(GeneralSubtree[]::new);
	}

	/**
	 * What a certificate may be used for.
	 */
	public enum Purpose {

		/**
		 * A TLS server.
		 */
		SERVER_AUTH(KeyPurposeId.id_kp_serverAuth),

		/**
		 * A TLS client.
		 */
		CLIENT_AUTH(KeyPurposeId.id_kp_clientAuth),

		/**
		 * Signed code, so neither of the two.
		 */
		CODE_SIGNING(KeyPurposeId.id_kp_codeSigning),

		/**
		 * Anything at all.
		 */
		ANY(KeyPurposeId.anyExtendedKeyUsage);

		private final KeyPurposeId id;

		Purpose(KeyPurposeId id) {
			this.id = id;
		}

	}

}
