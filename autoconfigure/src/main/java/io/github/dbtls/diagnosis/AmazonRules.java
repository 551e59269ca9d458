package io.github.dbtls.diagnosis;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.security.auth.x500.X500Principal;

import io.github.dbtls.SslMode;
import org.jspecify.annotations.Nullable;

/**
 * Amazon RDS and RDS Proxy, after <a href=
 * "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html">its
 * guide</a>:
 * <ul>
 * <li>each region has three roots for instances, such as
 * {@code Amazon RDS eu-central-1 Root CA RSA2048 G1}; a bundle has those of one region or
 * of all;</li>
 * <li>{@code Amazon RDS Root 2019 CA} and the roots of its time expired in August
 * 2024;</li>
 * <li>RDS Proxy has certificates of AWS Certificate Manager, which Amazon Trust Services
 * issues: {@code Amazon Root CA 1} to {@code 4}, in every JVM and in no RDS bundle.</li>
 * </ul>
 */
final class AmazonRules {

	private static final String RDS = "Amazon RDS ";

	private static final Pattern REGION = Pattern
		.compile("Amazon RDS (?:(?:Preview|Beta) )?([a-z]{2}(?:-[a-z]+)+-[0-9]+) .*");

	private static final Pattern KEY_TYPE = Pattern.compile(".* (RSA2048|RSA4096|ECC384) G[0-9]+.*");

	/** Authorities since 2021; what has no generation in its name is older. */
	private static final Pattern GENERATION = Pattern.compile(".* G[0-9]+(?:\\..*)?");

	private static final Pattern TRUST_SERVICES = Pattern
		.compile("Amazon Root CA [0-9]+|Amazon (?:RSA|ECDSA) [0-9]+ M[0-9]+|Amazon");

	private static final int MOST_REGIONS = 5;

	private static final String BUNDLE = "Download the bundle of all regions, "
			+ "https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem, and name it whole in '%s': "
			+ "keytool would import its first certificate only.";

	private static final String OWN_PARTITION = " GovCloud and China have bundles of their own: "
			+ "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html names them.";

	private AmazonRules() {
	}

	/**
	 * An instance or cluster, and a file without its root.
	 * @param facts what is known
	 * @param path the presented certificates
	 * @return what was recognised, or {@code null}
	 */
	static @Nullable Finding instance(HandshakeFacts facts, IssuedPath path) {
		String issuer = issuers(path).filter((name) -> name.startsWith(RDS))
			.reduce((first, second) -> second)
			.orElse(null);
		if (issuer == null) {
			return null;
		}
		List<String> roots = roots(facts);
		String region = part(REGION, issuer);
		String missing = missing(facts, issuer, region, roots);
		if (missing == null) {
			return null;
		}
		return Finding.complete(
				"by its names the server presents a chain of Amazon RDS%s, under '%s'; %s"
					.formatted((region != null) ? ", region " + region : "", issuer, missing),
				BUNDLE.formatted(facts.policy().trustProperty())
						+ ((region != null && region.matches("(cn|us-gov)-.*")) ? OWN_PARTITION : ""));
	}

	private static @Nullable String missing(HandshakeFacts facts, String issuer, @Nullable String region,
			List<String> roots) {
		String source = CertificateText.clean(facts.trustSource());
		if (roots.isEmpty()) {
			return isTrustServices(facts)
					? "%s has roots of Amazon Trust Services, which RDS Proxy uses, and none of Amazon RDS."
						.formatted(source)
					: "%s has no root of Amazon RDS.".formatted(source);
		}
		boolean current = GENERATION.matcher(issuer).matches();
		if (current && roots.stream().noneMatch((root) -> GENERATION.matcher(root).matches())) {
			return "%s has none of its current roots, but '%s' only, under which RDS issues no certificates any more."
				.formatted(source, String.join("', '", roots.subList(0, Math.min(MOST_REGIONS, roots.size()))));
		}
		if (roots.size() == 1) {
			return ("%s has a single root of Amazon RDS, '%s', but each bundle has three for each region: probably only "
					+ "the first certificate of a bundle was imported.")
				.formatted(source, roots.get(0));
		}
		if (region == null) {
			return null;
		}
		List<String> ofRegion = roots.stream().filter((root) -> region.equals(part(REGION, root))).toList();
		if (ofRegion.isEmpty()) {
			return "%s has roots of %s, and none of region %s.".formatted(source, regions(roots), region);
		}
		String keyType = part(KEY_TYPE, issuer);
		return (keyType != null && ofRegion.stream().noneMatch((root) -> keyType.equals(part(KEY_TYPE, root))))
				? "%s has of this region '%s', and not the root for %s.".formatted(source,
						String.join("', '", ofRegion), keyType)
				: null;
	}

	private static String regions(List<String> roots) {
		List<String> regions = new ArrayList<>();
		for (String root : roots) {
			String region = part(REGION, root);
			if (region != null && !regions.contains(region)) {
				regions.add(region);
			}
		}
		return "%d %s (%s%s)".formatted(regions.size(), (regions.size() == 1) ? "region" : "regions",
				regions.stream().limit(MOST_REGIONS).collect(Collectors.joining(", ")),
				(regions.size() > MOST_REGIONS) ? ", …" : "");
	}

	/**
	 * A certificate of Amazon Trust Services, and the bundle of RDS.
	 * @param facts what is known
	 * @param path the presented certificates
	 * @return what was recognised, or {@code null}
	 */
	static @Nullable Finding proxy(HandshakeFacts facts, IssuedPath path) {
		String issuer = issuers(path).filter((name) -> TRUST_SERVICES.matcher(name).matches()).findFirst().orElse(null);
		if (issuer == null || isTrustServices(facts) || roots(facts).isEmpty()) {
			return null;
		}
		String found = ("by its names the server presents a chain of Amazon Trust Services ('%s'), as RDS Proxy does; %s has roots of "
				+ "Amazon RDS, which issue certificates of instances and clusters only.")
			.formatted(issuer, CertificateText.clean(facts.trustSource()));
		if (facts.policy().provider().isPublicHostName(facts.host())
				&& facts.policy().sslMode() != SslMode.VERIFY_IDENTITY) {
			return Finding.complete(found,
					("Set '%s.ssl-mode: verify-identity': then dbtls trusts the JVM's roots too for an endpoint of RDS "
							+ "Proxy. Without the name, they would vouch for anybody.")
						.formatted(facts.policy().prefix()));
		}
		if (facts.policy().trust().usesSystemRoots()) {
			return Finding.complete(found,
					"The JVM's roots are trusted too, and every JVM has those of Amazon Trust Services, so that its trust "
							+ "store was replaced, by 'javax.net.ssl.trustStore' or in the image: add them there, "
							+ "https://www.amazontrust.com/repository/ has them.");
		}
		return Finding.complete(found, ("For RDS Proxy, use the proxy's own endpoint "
				+ "(<name>.proxy-<id>.<region>.rds.amazonaws.com) in the JDBC URL, with '%1$s.ssl-mode: verify-identity' and "
				+ "'%1$s.provider: aws-rds': dbtls then trusts the JVM's roots too. For an instance or a cluster, check the "
				+ "host: something else answers at %2$s.")
			.formatted(facts.policy().prefix(), CertificateText.clean(facts.host())));
	}

	private static boolean isTrustServices(HandshakeFacts facts) {
		return facts.trusted()
			.stream()
			.map((authority) -> NameParts.commonName(authority.getSubjectX500Principal()))
			.anyMatch((name) -> TRUST_SERVICES.matcher(name).matches());
	}

	private static List<String> roots(HandshakeFacts facts) {
		return facts.trusted()
			.stream()
			.map(X509Certificate::getSubjectX500Principal)
			.map(NameParts::commonName)
			.filter((name) -> name.startsWith(RDS))
			.toList();
	}

	private static Stream<String> issuers(IssuedPath path) {
		return path.certificates().stream().map(X509Certificate::getIssuerX500Principal).map(AmazonRules::name);
	}

	private static String name(X500Principal principal) {
		return NameParts.commonName(principal);
	}

	private static @Nullable String part(Pattern pattern, String name) {
		Matcher matcher = pattern.matcher(name);
		return matcher.matches() ? matcher.group(1) : null;
	}

}
