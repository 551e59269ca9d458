package io.github.dbtls.integration;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.CertificateBuilder;
import io.github.dbtls.testkit.Identity;
import io.github.dbtls.testkit.KeyType;
import io.github.dbtls.testkit.Pem;
import io.github.dbtls.testkit.TestCertificates;

/**
 * What {@code global-bundle.pem} of Amazon RDS looks like: for each region three roots,
 * told apart by their keys, and some of a former generation that have expired.
 */
final class RdsBundle {

	/** How many roots it has. */
	static final int SIZE = 115;

	private static final String REGION = "eu-central-1";

	private static final List<String> REGIONS = List.of("af-south-1", "ap-east-1", "ap-east-2", "ap-northeast-1",
			"ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-south-2", "ap-southeast-1", "ap-southeast-2",
			"ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7", "ca-central-1",
			"ca-west-1", REGION, "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2",
			"eu-west-3", "il-central-1", "me-central-1", "me-south-1", "mx-central-1", "sa-east-1", "us-east-1",
			"us-east-2", "us-west-1", "us-west-2", "Preview us-east-2", "Beta us-east-1");

	private static final List<String> EXPIRED = List.of("Amazon RDS Root 2015 CA", "Amazon RDS Root 2019 CA",
			"Amazon RDS ap-east-1 Root CA", "Amazon RDS af-south-1 Root CA", "Amazon RDS eu-south-1 Root CA",
			"Amazon RDS me-south-1 Root CA", "Amazon RDS Beta Root 2019 CA");

	private static final Map<KeyType, String> ALGORITHMS = Map.of(KeyType.RSA_2048, "RSA2048", KeyType.RSA_4096,
			"RSA4096", KeyType.EC_P384, "ECC384");

	private static RdsBundle bundle;

	// One for each type: what tells the roots of two regions apart is their name.
	private final Map<KeyType, KeyPair> keys = new EnumMap<>(KeyType.class);

	private final Map<KeyType, Authority> roots = new EnumMap<>(KeyType.class);

	private final List<X509Certificate> certificates = new ArrayList<>();

	private final Authority expired;

	private RdsBundle() throws GeneralSecurityException {
		this.keys.put(KeyType.RSA_2048, rsaKey(2048));
		this.keys.put(KeyType.RSA_4096, rsaKey(4096));
		for (String region : REGIONS) {
			for (KeyType keyType : List.of(KeyType.RSA_2048, KeyType.RSA_4096, KeyType.EC_P384)) {
				Authority root = root(region, keyType, this.keys.get(keyType));
				this.certificates.add(root.certificate());
				if (region.equals(REGION)) {
					this.roots.put(keyType, root);
				}
			}
		}
		Authority last = null;
		for (String name : EXPIRED) {
			last = TestCertificates.selfSigned(subject(name))
				.key(this.keys.get(KeyType.RSA_2048))
				.expired()
				.authority();
			this.certificates.add(last.certificate());
		}
		this.expired = last;
		if (this.certificates.size() != SIZE) {
			throw new IllegalStateException("The bundle has %d roots".formatted(this.certificates.size()));
		}
	}

	/**
	 * Return the bundle, which is made once: its largest keys take seconds.
	 * @return the bundle
	 */
	static synchronized RdsBundle get() {
		if (bundle == null) {
			try {
				bundle = new RdsBundle();
			}
			catch (GeneralSecurityException ex) {
				throw new IllegalStateException(ex);
			}
		}
		return bundle;
	}

	private static KeyPair rsaKey(int bits) throws GeneralSecurityException {
		KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
		generator.initialize(bits);
		return generator.generateKeyPair();
	}

	private static Authority root(String region, KeyType keyType, KeyPair keys) {
		String name = "Amazon RDS %s Root CA %s G1".formatted(region, ALGORITHMS.get(keyType));
		CertificateBuilder builder = TestCertificates.selfSigned(subject(name)).key(keyType);
		if (keys != null) {
			builder.key(keys);
		}
		// The real ones: RSA 2048 with SHA-256, the others with SHA-384.
		return switch (keyType) {
			case RSA_4096 -> builder.signatureAlgorithm("SHA384withRSA").authority();
			case EC_P384 -> builder.signatureAlgorithm("SHA384withECDSA").authority();
			default -> builder.authority();
		};
	}

	private static String subject(String name) {
		return "CN=%s,OU=Amazon RDS,O=Amazon Web Services\\, Inc.,L=Seattle,ST=WA,C=US".formatted(name);
	}

	/**
	 * Return the first root, all that {@code keytool -importcert} would take.
	 * @return its certificate
	 */
	X509Certificate first() {
		return this.certificates.get(0);
	}

	/**
	 * Return the bundle as it is downloaded.
	 * @return PEM
	 */
	String pem() {
		return Pem.of(this.certificates);
	}

	/**
	 * Return the authority that issues the certificates of instances in one region.
	 * @param keyType the kind of root that their owner has chosen
	 * @return the authority below that root
	 */
	Authority issuer(KeyType keyType) {
		return below(this.roots.get(keyType), keyType);
	}

	/**
	 * Return an authority whose root the bundle has not, named as one that it has.
	 * @param keyType the kind of root
	 * @return the authority below that root
	 */
	Authority impostor(KeyType keyType) {
		return below(root(REGION, keyType, null), keyType);
	}

	/**
	 * Return an authority below one of the roots that have expired.
	 * @return the authority
	 */
	Authority issuerUnderExpiredRoot() {
		return below(this.expired, KeyType.RSA_2048);
	}

	private Authority below(Authority root, KeyType keyType) {
		String name = "Amazon RDS %s Subordinate CA %s G1.A.7".formatted(REGION, ALGORITHMS.get(keyType));
		CertificateBuilder builder = root.issue(subject(name));
		return (keyType == KeyType.EC_P384) ? builder.key(keyType).authority()
				: builder.key(this.keys.get(KeyType.RSA_2048)).authority();
	}

	/**
	 * Issue the certificate of an instance, which has its endpoint as common name too.
	 * @param issuer the authority
	 * @param host the endpoint
	 * @return what the instance shows
	 */
	static Identity server(Authority issuer, String host) {
		boolean rsa = issuer.privateKey().getAlgorithm().equals("RSA");
		return issuer.issue("CN=%s,OU=RDS,O=Amazon.com,L=Seattle,ST=Washington,C=US".formatted(host))
			.names(host)
			.purposes(CertificateBuilder.Purpose.SERVER_AUTH)
			.key(rsa ? KeyType.RSA_2048 : KeyType.EC_P384)
			.identity();
	}

}
