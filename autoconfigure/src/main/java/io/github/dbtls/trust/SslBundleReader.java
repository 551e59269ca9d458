package io.github.dbtls.trust;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import io.github.dbtls.BundleOrigin;
import io.github.dbtls.BundleOrigin.Part;
import io.github.dbtls.Causes;
import io.github.dbtls.DbTlsConfigurationException;
import io.github.dbtls.TlsSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslManagerBundle;
import org.springframework.util.StringUtils;

/**
 * Reads an SSL bundle of Spring Boot, whole: its trust store for authorities, its key
 * store for the client's certificate, its options for what may be negotiated.
 * <p>
 * Boot reads PEM when somebody asks for it, so a bundle may hold a file that is broken or
 * gone: that is found here, and not by the first connection.
 */
public final class SslBundleReader {

	/** What Boot makes of stores; it is not public. */
	private static final String MANAGERS_OF_STORES = "org.springframework.boot.ssl.DefaultSslManagerBundle";

	private final BundleOrigin origin;

	private final @Nullable SslBundles bundles;

	private SslBundleReader(BundleOrigin origin, @Nullable SslBundles bundles) {
		this.origin = origin;
		this.bundles = bundles;
	}

	/**
	 * Create a reader.
	 * @param origin where the bundle was declared
	 * @param bundles the bundles it is among, or {@code null} if the application has none
	 * @return the reader
	 */
	public static SslBundleReader of(BundleOrigin origin, @Nullable SslBundles bundles) {
		return new SslBundleReader(origin, bundles);
	}

	/**
	 * Read what takes part in the decision about a pool.
	 * @return the bundle's name, options, and what it has
	 * @throws DbTlsConfigurationException if there is no such bundle, or it cannot be
	 * read
	 */
	public TlsSettings.Bundle settings() {
		return read().settings();
	}

	Problem problem() {
		return Problem.ofBundle(this.origin, "content", FileSetting.Kind.AUTHORITIES);
	}

	BundleContents read() {
		SslBundle bundle = find();
		KeyStore trustStore = open("trust store", Part.TRUST_STORE, () -> bundle.getStores().getTrustStore());
		KeyStore keyStore = open("key store", Part.KEY_STORE, () -> bundle.getStores().getKeyStore());
		try {
			Contents trust = (trustStore != null) ? certificates(trustStore) : null;
			BundleKey key = (keyStore != null)
					? new BundleKeyReader(bundle, this.origin, keyStore(this.origin)).read(keyStore) : null;
			boolean ownManagers = hasManagersOfItsOwn(bundle);
			if (ownManagers && trust == null) {
				throw new DbTlsConfigurationException(this.origin.property(),
						"%s, which verifies with trust managers of its own making and has no trust store: dbtls asks no manager of a bundle."
							.formatted(this.origin.sentence()),
						"Give it the certificate of the server's authority: '%s'."
							.formatted(this.origin.setting(Part.TRUST_STORE)));
			}
			return new BundleContents(new TlsSettings.Bundle(this.origin, protocols(bundle),
					list(bundle.getOptions().getCiphers()), trust != null, key != null), trust, key, ownManagers);
		}
		catch (GeneralSecurityException ex) {
			throw unreadable("content", Part.WHOLE, ex);
		}
	}

	private static boolean hasManagersOfItsOwn(SslBundle bundle) {
		SslManagerBundle managers = bundle.getManagers();
		return managers != null && !managers.getClass().getName().equals(MANAGERS_OF_STORES);
	}

	private SslBundle find() {
		String property = this.origin.property();
		String name = this.origin.name();
		if (!StringUtils.hasText(name)) {
			throw new DbTlsConfigurationException(property, "'%s' is set, but to nothing.".formatted(property),
					"Set it to the name of a bundle under 'spring.ssl.bundle', or remove it.");
		}
		if (InlineMaterial.mayBeRepeatedIn(name)) {
			throw new DbTlsConfigurationException(
					property, "'%s' holds a certificate or key itself, where the name of an SSL bundle belongs."
						.formatted(property),
					"Set it to the name of a bundle under 'spring.ssl.bundle', or remove it.");
		}
		if (this.bundles == null) {
			throw new DbTlsConfigurationException(property,
					"'%s' is '%s', but the application has no SSL bundles: Spring Boot's SslAutoConfiguration is switched off, or there are several 'SslBundles' beans."
						.formatted(property, Texts.oneLine(name, 100)),
					"Let there be one bean of type 'SslBundles', or name a file instead.");
		}
		try {
			return this.bundles.getBundle(name);
		}
		catch (NoSuchSslBundleException ex) {
			List<String> names = this.bundles.getBundleNames();
			throw new DbTlsConfigurationException(property,
					"'%s' is '%s', and there is no SSL bundle of that name.".formatted(property,
							Texts.oneLine(name, 100)),
					names.isEmpty()
							? "Define it: 'spring.ssl.bundle.pem.%s.truststore.certificate' is the certificate of the server's authority. There is no bundle at all yet."
								.formatted(Texts.oneLine(name, 100))
							: "Set it to one of: %s.".formatted(String.join(", ", names)));
		}
		catch (RuntimeException ex) {
			throw unreadable("content", Part.WHOLE, ex);
		}
	}

	private @Nullable KeyStore open(String store, Part part, StoreSupplier supplier) {
		try {
			return supplier.get();
		}
		catch (Exception ex) {
			throw unreadable(store, part, ex);
		}
	}

	private Contents certificates(KeyStore store) throws GeneralSecurityException {
		Problem problem = trustStore(this.origin);
		Contents contents = Contents.of(store, problem, Limits.STANDARD);
		if (contents.certificates().isEmpty()) {
			throw problem.which(
					contents.others().isEmpty() ? "is empty"
							: "holds %s and no certificate".formatted(Texts.some(contents.others())),
					"Give it the certificate of the server's authority: '%s'. A PKCS#12 store that is opened without its password looks empty."
						.formatted(this.origin.setting(Part.TRUST_STORE)));
		}
		return contents;
	}

	// A 'protocol' names an SSLContext, and one of a version enables nothing newer:
	// https://docs.oracle.com/en/java/javase/17/docs/specs/security/standard-names.html
	private List<String> protocols(SslBundle bundle) {
		List<String> enabled = list(bundle.getOptions().getEnabledProtocols());
		String protocol = String.valueOf(bundle.getProtocol());
		return switch (protocol.toUpperCase(Locale.ROOT)) {
			case "TLS", "TLSV1.3", "SSL", "DEFAULT" -> enabled;
			case "TLSV1.2" -> enabled.isEmpty() ? List.of("TLSv1.2") : withoutNewest(enabled);
			case "TLSV1.1", "TLSV1", "SSLV3", "SSLV2" -> List.of(protocol);
			default -> throw new DbTlsConfigurationException(this.origin.property(),
					"%s, which has the protocol '%s', and no SSLContext has this name."
						.formatted(this.origin.sentence(), Texts.oneLine(protocol, 100)),
					"Remove '%s'.".formatted(this.origin.setting(Part.PROTOCOL)));
		};
	}

	private List<String> withoutNewest(List<String> enabled) {
		List<String> older = enabled.stream().filter((protocol) -> !protocol.equals("TLSv1.3")).toList();
		if (older.isEmpty()) {
			throw new DbTlsConfigurationException(this.origin.property(),
					"%s, which has the protocol TLSv1.2 and enables TLSv1.3 only.".formatted(this.origin.sentence()),
					"Remove '%s'.".formatted(this.origin.setting(Part.PROTOCOL)));
		}
		return older;
	}

	private static List<String> list(String @Nullable [] array) {
		return (array != null) ? Arrays.stream(array).map(String::trim).filter(StringUtils::hasText).toList()
				: List.of();
	}

	static Problem trustStore(BundleOrigin origin) {
		return Problem.ofBundle(origin, "trust store", FileSetting.Kind.AUTHORITIES);
	}

	static Problem keyStore(BundleOrigin origin) {
		return Problem.ofBundle(origin, "key store", FileSetting.Kind.CLIENT_CERTIFICATE);
	}

	private DbTlsConfigurationException unreadable(String what, Part part, Exception failure) {
		// Boot repeats a location, which may be a key that was written in its place.
		boolean secret = Causes.of(failure)
			.stream()
			.anyMatch((thrown) -> InlineMaterial.mayBeRepeatedIn(String.valueOf(thrown.getMessage())));
		return Problem.ofBundle(this.origin, what, FileSetting.Kind.AUTHORITIES)
			.which("cannot be read: %s"
				.formatted(secret ? "a key or certificate stands where a path belongs" : reason(failure)),
					"Correct '%s'.".formatted(Texts.oneLine(this.origin.setting(part), 300)), secret ? null : failure);
	}

	// Boot's words name the file, the JDK's what is the matter with it.
	private static String reason(Exception failure) {
		String outermost = Texts.oneLine(String.valueOf(failure.getMessage()), 300);
		String innermost = Texts.reason(failure);
		return outermost.contains(innermost) ? outermost : "%s: %s".formatted(outermost, innermost);
	}

	/**
	 * Opens a store.
	 */
	@FunctionalInterface
	private interface StoreSupplier {

		@Nullable KeyStore get() throws Exception;

	}

}
