package io.github.dbtls;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import io.github.dbtls.TlsSettings.Setting;
import org.jspecify.annotations.Nullable;

/**
 * Decides which versions of TLS may be negotiated.
 */
final class TlsVersions {

	private TlsVersions() {
	}

	static List<TlsVersion> decide(Provider provider, @Nullable Setting<List<String>> setting, String prefix) {
		return (setting != null) ? asked(provider, setting) : offered(provider, prefix);
	}

	private static List<TlsVersion> offered(Provider provider, String prefix) {
		Set<TlsVersion> versions = EnumSet.copyOf(provider.tlsVersions());
		versions.removeIf(TlsVersion::isDisabledInThisJvm);
		if (versions.isEmpty()) {
			throw new DbTlsConfigurationException(prefix + ".provider",
					"Provider '%s' offers %s, and this JVM disables it in 'jdk.tls.disabledAlgorithms'."
						.formatted(provider.id(), names(provider.tlsVersions())),
					"Correct the JVM's java.security file: no secure version of TLS is left.");
		}
		return newestFirst(versions);
	}

	private static List<TlsVersion> asked(Provider provider, Setting<List<String>> setting) {
		String property = setting.property();
		Set<TlsVersion> versions = EnumSet.noneOf(TlsVersion.class);
		for (String text : setting.value()) {
			versions.add(read(property, text));
		}
		if (versions.isEmpty()) {
			throw new DbTlsConfigurationException(property,
					"'%s' is empty: no version could be negotiated.".formatted(property), remove(property));
		}
		for (TlsVersion version : versions) {
			if (version.isDisabledInThisJvm()) {
				throw new DbTlsConfigurationException(property,
						"'%s' contains %s, which this JVM disables in 'jdk.tls.disabledAlgorithms'.".formatted(property,
								version.jsseName()),
						"Remove %s from '%s', or correct the JVM's java.security file.".formatted(version.jsseName(),
								property));
			}
			if (!provider.tlsVersions().contains(version)) {
				throw new DbTlsConfigurationException(property,
						"'%s' contains %s, but provider '%s' (%s) allows %s only.".formatted(property,
								version.jsseName(), provider.id(), provider.name(), names(provider.tlsVersions())),
						"Remove %s from '%s'.".formatted(version.jsseName(), property));
			}
		}
		return newestFirst(versions);
	}

	private static TlsVersion read(String property, String text) {
		if (text.isBlank()) {
			throw new DbTlsConfigurationException(property,
					"'%s' has an empty element, or is empty.".formatted(property), remove(property));
		}
		try {
			return TlsVersion.of(text);
		}
		catch (IllegalArgumentException ex) {
			throw new DbTlsConfigurationException(property,
					"'%s' cannot be used: %s.".formatted(property, ex.getMessage()), remove(property), ex);
		}
	}

	private static String remove(String property) {
		return "Set '%s' to 'TLSv1.3, TLSv1.2' or one of the two, or remove it to get both.".formatted(property);
	}

	private static List<TlsVersion> newestFirst(Set<TlsVersion> versions) {
		Set<TlsVersion> sorted = new TreeSet<>(Collections.reverseOrder());
		sorted.addAll(versions);
		return List.copyOf(sorted);
	}

	private static String names(Set<TlsVersion> versions) {
		return newestFirst(versions).stream().map(TlsVersion::jsseName).collect(Collectors.joining(", "));
	}

}
