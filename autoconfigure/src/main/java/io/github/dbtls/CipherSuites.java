package io.github.dbtls;

import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Security;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

import io.github.dbtls.TlsSettings.Setting;
import org.jspecify.annotations.Nullable;

/**
 * Decides which cipher suites may be negotiated.
 */
final class CipherSuites {

	/**
	 * What Connector/J never negotiates either: {@code TLSCiphers.Unacceptable.Mask} of
	 * its {@code TlsSettings.properties}.
	 */
	private static final Pattern UNACCEPTABLE = Pattern
		.compile("_anon_|_NULL_|_EXPORT|_MD5|_DES|_3DES_|_RC2_|_RC4_|_PSK_|_DH_|_KRB5_", Pattern.CASE_INSENSITIVE);

	/**
	 * Names of TLS 1.3 have no key exchange in them, and are of no use before it: RFC
	 * 8446, appendix B.4.
	 */
	private static final Pattern TLS_1_3_ONLY = Pattern.compile("TLS_(AES|CHACHA20|SM4)_.*");

	private CipherSuites() {
	}

	static List<String> decide(@Nullable Setting<List<String>> setting, List<TlsVersion> versions) {
		return (setting != null) ? asked(setting, versions) : List.of();
	}

	private static List<String> asked(Setting<List<String>> setting, List<TlsVersion> versions) {
		String property = setting.property();
		Set<String> known = known();
		Set<String> suites = new LinkedHashSet<>();
		for (String element : setting.value()) {
			String suite = element.trim();
			if (suite.isEmpty()) {
				continue;
			}
			if (!isAcceptable(suite)) {
				throw new DbTlsConfigurationException(property,
						"'%s' contains '%s', which encrypts too weakly or authenticates nobody.".formatted(property,
								suite),
						"Remove it: the JVM's defaults are good, '%s' is only needed to restrict them."
							.formatted(property));
			}
			if (!known.contains(suite)) {
				throw new DbTlsConfigurationException(property,
						"'%s' contains '%s', which is no cipher suite that this JVM enables.".formatted(property,
								suite),
						"Use JSSE's names (those of IANA, not OpenSSL's), for example %s.".formatted(example(known)));
			}
			suites.add(suite);
		}
		if (suites.isEmpty()) {
			throw new DbTlsConfigurationException(property,
					"'%s' is empty: no cipher suite could be negotiated.".formatted(property),
					"Name one or more cipher suites, or remove '%s' to get the JVM's.".formatted(property));
		}
		if (suites.stream().noneMatch((suite) -> fitsAny(suite, versions))) {
			throw new DbTlsConfigurationException(property,
					"None of the cipher suites of '%s' exists in %s.".formatted(property, versions.get(0).jsseName()),
					"Add a cipher suite of that version, or allow another version in 'tls-versions'.");
		}
		return List.copyOf(suites);
	}

	static boolean isAcceptable(String suite) {
		return !UNACCEPTABLE.matcher(suite).find();
	}

	static boolean fitsAny(String suite, List<TlsVersion> versions) {
		return versions.stream().anyMatch((version) -> fits(suite, version));
	}

	private static boolean fits(String suite, TlsVersion version) {
		return TLS_1_3_ONLY.matcher(suite).matches() == (version == TlsVersion.TLS_1_3);
	}

	/**
	 * Return what this JVM enables by itself.
	 * @return JSSE's names
	 */
	static Set<String> known() {
		try {
			SSLContext context = jdks();
			context.init(null, null, null);
			SSLParameters parameters = context.getDefaultSSLParameters();
			Set<String> suites = new LinkedHashSet<>(Arrays.asList(parameters.getCipherSuites()));
			// Signals of the protocol, which look like cipher suites and encrypt nothing.
			suites.removeIf((suite) -> suite.endsWith("_SCSV"));
			return suites;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("This JVM has no TLS", ex);
		}
	}

	// A provider that somebody put before the JDK's need not know what the JVM forbids.
	private static SSLContext jdks() throws NoSuchAlgorithmException {
		Provider[] providers = Security.getProviders("SSLContext.TLS");
		for (Provider provider : (providers != null) ? providers : new Provider[0]) {
			if (JsseProvider.isJdks(provider)) {
				return SSLContext.getInstance("TLS", provider);
			}
		}
		return SSLContext.getInstance("TLS");
	}

	private static String example(Set<String> known) {
		return String.join(", ", known.stream().limit(3).toList());
	}

}
