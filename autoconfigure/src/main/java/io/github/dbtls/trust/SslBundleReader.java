package io.github.dbtls.trust;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.List;

import io.github.dbtls.DbTlsConfigurationException;
import io.github.dbtls.TlsSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.util.StringUtils;

/**
 * Reads an SSL bundle of Spring Boot, whole: its trust store for authorities, its key
 * store for the client's certificate, its options for what may be negotiated.
 * <p>
 * Boot reads PEM when somebody asks for it, so a bundle may hold a file that is broken or
 * gone: that is found here, and not by the first connection.
 */
public final class SslBundleReader {

	private final String property;

	private final String name;

	private final @Nullable SslBundles bundles;

	private SslBundleReader(String property, String name, @Nullable SslBundles bundles) {
		this.property = property;
		this.name = name;
		this.bundles = bundles;
	}

	/**
	 * Create a reader.
	 * @param property the property that names the bundle
	 * @param name the bundle's name
	 * @param bundles the bundles of the application, or {@code null} if it has none
	 * @return the reader
	 */
	public static SslBundleReader of(String property, String name, @Nullable SslBundles bundles) {
		return new SslBundleReader(property, name, bundles);
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
		return Problem.ofBundle(this.property, this.name, "content", FileSetting.Kind.AUTHORITIES);
	}

	BundleContents read() {
		SslBundle bundle = find();
		KeyStore trustStore = open("trust store", () -> bundle.getStores().getTrustStore());
		KeyStore keyStore = open("key store", () -> bundle.getStores().getKeyStore());
		try {
			Contents trust = (trustStore != null) ? certificates(trustStore) : null;
			BundleKey key = (keyStore != null)
					? new BundleKeyReader(bundle, this.name, keyStore(this.property, this.name)).read(keyStore) : null;
			return new BundleContents(this.property, new TlsSettings.Bundle(this.name, protocols(bundle),
					list(bundle.getOptions().getCiphers()), trust != null, key != null), trust, key);
		}
		catch (GeneralSecurityException ex) {
			throw unreadable("store", ex);
		}
	}

	private SslBundle find() {
		if (!StringUtils.hasText(this.name)) {
			throw new DbTlsConfigurationException(this.property,
					"'%s' is set, but to nothing.".formatted(this.property),
					"Set it to the name of a bundle under 'spring.ssl.bundle', or remove it.");
		}
		if (this.bundles == null) {
			throw new DbTlsConfigurationException(this.property,
					"'%s' is '%s', but the application has no SSL bundles: Spring Boot's SslAutoConfiguration is switched off, or there are several 'SslBundles' beans."
						.formatted(this.property, Texts.oneLine(this.name, 100)),
					"Let there be one bean of type 'SslBundles', or name a file instead.");
		}
		try {
			return this.bundles.getBundle(this.name);
		}
		catch (NoSuchSslBundleException ex) {
			List<String> names = this.bundles.getBundleNames();
			throw new DbTlsConfigurationException(this.property,
					"'%s' is '%s', and there is no SSL bundle of that name.".formatted(this.property,
							Texts.oneLine(this.name, 100)),
					names.isEmpty()
							? "Define it: 'spring.ssl.bundle.pem.%s.truststore.certificate' is the certificate of the server's authority. There is no bundle at all yet."
								.formatted(Texts.oneLine(this.name, 100))
							: "Set it to one of: %s.".formatted(String.join(", ", names)));
		}
		catch (RuntimeException ex) {
			throw unreadable("content", ex);
		}
	}

	private @Nullable KeyStore open(String store, StoreSupplier supplier) {
		try {
			return supplier.get();
		}
		catch (Exception ex) {
			throw unreadable(store, ex);
		}
	}

	private Contents certificates(KeyStore store) throws GeneralSecurityException {
		Problem problem = trustStore(this.property, this.name);
		Contents contents = Contents.of(store, problem, Limits.STANDARD);
		if (contents.certificates().isEmpty()) {
			throw problem.which(
					contents.others().isEmpty() ? "is empty"
							: "holds %s and no certificate".formatted(Texts.some(contents.others())),
					"Give it the certificate of the server's authority: 'spring.ssl.bundle.*.%s.truststore'."
						.formatted(this.name));
		}
		return contents;
	}

	// A 'protocol' names an SSLContext, and one of a version enables nothing newer:
	// https://docs.oracle.com/en/java/javase/17/docs/specs/security/standard-names.html
	private List<String> protocols(SslBundle bundle) {
		List<String> enabled = list(bundle.getOptions().getEnabledProtocols());
		return switch (String.valueOf(bundle.getProtocol())) {
			case "TLSv1.2" -> enabled.isEmpty() ? List.of("TLSv1.2") : withoutNewest(enabled);
			case "TLSv1.1", "TLSv1", "SSLv3" -> List.of(bundle.getProtocol());
			default -> enabled;
		};
	}

	private List<String> withoutNewest(List<String> enabled) {
		List<String> older = enabled.stream().filter((protocol) -> !protocol.equals("TLSv1.3")).toList();
		if (older.isEmpty()) {
			throw new DbTlsConfigurationException(this.property,
					"'%s' names the SSL bundle '%s', which has the protocol TLSv1.2 and enables TLSv1.3 only."
						.formatted(this.property, this.name),
					"Remove 'spring.ssl.bundle.*.%s.protocol'.".formatted(this.name));
		}
		return older;
	}

	private static List<String> list(String @Nullable [] array) {
		return (array != null) ? Arrays.stream(array).map(String::trim).filter(StringUtils::hasText).toList()
				: List.of();
	}

	static Problem trustStore(String property, String name) {
		return Problem.ofBundle(property, name, "trust store", FileSetting.Kind.AUTHORITIES);
	}

	static Problem keyStore(String property, String name) {
		return Problem.ofBundle(property, name, "key store", FileSetting.Kind.CLIENT_CERTIFICATE);
	}

	private DbTlsConfigurationException unreadable(String what, Exception failure) {
		// Boot repeats a location, which may be a key that was written in its place.
		boolean secret = false;
		for (Throwable thrown = failure; thrown != null && !secret; thrown = thrown.getCause()) {
			secret = Arrays.stream(String.valueOf(thrown.getMessage()).split("[\\s'\"\\[\\](),]+"))
				.anyMatch(InlineMaterial::isIn);
		}
		return Problem.ofBundle(this.property, this.name, what, FileSetting.Kind.AUTHORITIES)
			.which("cannot be read: %s".formatted(secret ? "a key or certificate stands where a path belongs"
					: "%s (%s)".formatted(Texts.reason(failure), innermost(failure).getClass().getSimpleName())),
					"Correct 'spring.ssl.bundle.*.%s'.".formatted(Texts.oneLine(this.name, 100)),
					secret ? null : failure);
	}

	private static Throwable innermost(Throwable failure) {
		Throwable innermost = failure;
		while (innermost.getCause() != null) {
			innermost = innermost.getCause();
		}
		return innermost;
	}

	/**
	 * Opens a store.
	 */
	@FunctionalInterface
	private interface StoreSupplier {

		@Nullable KeyStore get() throws Exception;

	}

}
