package io.github.dbtls;

import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

import org.jspecify.annotations.Nullable;

/**
 * The JSSE provider that the user chose in place of the JDK's. It is an object, handed to
 * {@link SSLContext#getInstance(String, Provider)}: it is never registered with the JVM.
 *
 * @param property the property that names it
 * @param provider the provider
 */
public record JsseProvider(String property, Provider provider) {

	private static final String PROTOCOL = "TLS";

	/**
	 * Return the provider's own name.
	 * @return the name, {@code Conscrypt} for example
	 */
	public String name() {
		return this.provider.getName();
	}

	/**
	 * Return whether a provider is part of the JDK, so that its handshake is the JDK's.
	 * @param provider the provider
	 * @return whether it comes from the JDK's base module
	 */
	public static boolean isJdks(Provider provider) {
		return provider.getClass().getModule() == Object.class.getModule();
	}

	/**
	 * Make a context that still has to be initialised.
	 * @return the context
	 * @throws GeneralSecurityException if the provider has none
	 */
	public SSLContext newContext() throws GeneralSecurityException {
		return SSLContext.getInstance(PROTOCOL, this.provider);
	}

	/**
	 * Return those cipher suites of a provider that the JDK enables too, so that what
	 * {@code jdk.tls.disabledAlgorithms} forbids stays forbidden.
	 * @param enabled what a provider enables
	 * @return those that the JDK's enables as well
	 */
	public static String[] thatTheJdkEnables(String[] enabled) {
		Set<String> known = CipherSuites.known();
		return Arrays.stream(enabled).filter(known::contains).toArray(String[]::new);
	}

	/**
	 * Refuse a provider that cannot do, or cannot be kept from doing, what was decided.
	 * @param mode how much is verified
	 * @param versions the versions that may be negotiated
	 * @param ciphers the cipher suites that may be negotiated, or empty for all
	 * @param prefix prefix of the properties
	 */
	void require(SslMode mode, List<TlsVersion> versions, List<String> ciphers, String prefix) {
		if (!mode.isVerifying() && !isJdks(this.provider)) {
			// All that is left to check in this mode are the JVM's algorithm constraints,
			// which the JDK's own handshake applies and nobody else.
			throw refused(
					"'%s' is '%s', and '%s.ssl-mode' is 'required', which only the JDK's provider can do here."
						.formatted(this.property, name(), prefix),
					"Verify the server with 'verify-ca' or 'verify-identity', or remove '%s'.".formatted(this.property),
					null);
		}
		SSLEngine engine = engine();
		List<String> supported = Arrays.asList(engine.getSupportedProtocols());
		for (TlsVersion version : versions) {
			if (!supported.contains(version.jsseName())) {
				throw refused(
						"'%s' is '%s', which does not support %s but %s.".formatted(this.property, name(),
								version.jsseName(), String.join(", ", supported)),
						"Remove %s from '%s.tls-versions', or remove '%s'.".formatted(version.jsseName(), prefix,
								this.property),
						null);
			}
		}
		requireSuites(engine, versions, ciphers, prefix);
	}

	private void requireSuites(SSLEngine engine, List<TlsVersion> versions, List<String> ciphers, String prefix) {
		List<String> supported = Arrays.asList(engine.getSupportedCipherSuites());
		for (String suite : ciphers) {
			if (!supported.contains(suite)) {
				throw refused(
						"'%s' is '%s', which does not support the cipher suite '%s' of '%s.ciphers'."
							.formatted(this.property, name(), suite, prefix),
						"Use some of those that it has, or remove '%s': %s.".formatted(this.property,
								String.join(", ", common(supported, versions))),
						null);
			}
		}
		List<String> allowed = ciphers.isEmpty() ? common(supported, versions) : ciphers;
		engine.setEnabledProtocols(versions.stream().map(TlsVersion::jsseName).toArray(String[]::new));
		engine.setEnabledCipherSuites(allowed.toArray(String[]::new));
		// Some ignore the list for TLS 1.3.
		List<String> uncontrolled = new ArrayList<>(List.of(engine.getEnabledCipherSuites()));
		uncontrolled.removeIf((suite) -> allowed.contains(suite) || suite.endsWith("_SCSV")
				|| !CipherSuites.fitsAny(suite, versions));
		if (!uncontrolled.isEmpty()) {
			String which = String.join(", ", uncontrolled);
			throw refused(
					"'%s' is '%s', which negotiates %s whatever it is told, and %s does not allow that.".formatted(
							this.property, name(), which,
							ciphers.isEmpty() ? "this JVM" : "'%s.ciphers'".formatted(prefix)),
					ciphers.isEmpty() ? "Remove '%s'.".formatted(this.property)
							: "Add %s to '%s.ciphers', remove TLSv1.3 from '%s.tls-versions', or remove '%s'."
								.formatted(which, prefix, prefix, this.property),
					null);
		}
	}

	private static List<String> common(List<String> supported, List<TlsVersion> versions) {
		return Arrays.stream(thatTheJdkEnables(supported.toArray(String[]::new)))
			.filter((suite) -> CipherSuites.isAcceptable(suite) && CipherSuites.fitsAny(suite, versions))
			.toList();
	}

	private SSLEngine engine() {
		try {
			SSLContext context = newContext();
			context.init(new KeyManager[0], new TrustManager[] { new NobodysTrustManager() }, null);
			return context.createSSLEngine();
		}
		catch (GeneralSecurityException | RuntimeException | LinkageError ex) {
			// A native library that does not fit shows up here, not before.
			throw refused("'%s' is '%s', which cannot be used here: %s.".formatted(this.property, name(), text(ex)),
					"Let the class path have what it needs on this platform (%s, %s), or remove '%s'."
						.formatted(System.getProperty("os.name"), System.getProperty("os.arch"), this.property),
					ex);
		}
	}

	/**
	 * Return what went wrong, by its innermost reason.
	 * @param thrown what was thrown
	 * @return its reason in one line
	 */
	public static String text(Throwable thrown) {
		return String.valueOf(Causes.innermost(thrown)).lines().findFirst().orElse("");
	}

	private DbTlsConfigurationException refused(String description, String action, @Nullable Throwable cause) {
		return new DbTlsConfigurationException(this.property, description, action, cause);
	}

	/**
	 * For a context that is only asked what it can do.
	 */
	private static final class NobodysTrustManager implements X509TrustManager {

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
			throw new CertificateException("Nobody is trusted here");
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
			throw new CertificateException("Nobody is trusted here");
		}

		@Override
		public X509Certificate[] getAcceptedIssuers() {
			return new X509Certificate[0];
		}

	}

}
