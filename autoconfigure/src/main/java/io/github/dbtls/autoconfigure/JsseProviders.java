package io.github.dbtls.autoconfigure;

import java.lang.reflect.InvocationTargetException;
import java.security.Provider;
import java.security.Security;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import io.github.dbtls.DbTlsConfigurationException;
import io.github.dbtls.JsseProvider;
import io.github.dbtls.TlsSettings.Setting;

import org.springframework.util.ClassUtils;

/**
 * Finds the JSSE provider that the user names, without registering it with the JVM:
 * <ol>
 * <li>one that is registered already, by its name;</li>
 * <li>one that the application's class path offers as a service, by its name;</li>
 * <li>one by its class. Conscrypt's jar and BouncyCastle's offer no service, so their
 * classes are known here by the names that people write.</li>
 * </ol>
 * The same name is the same object to all pools of the application.
 */
final class JsseProviders {

	/** More than any class path has. */
	private static final int MOST_SERVICES = 100;

	private static final String BOUNCY_CASTLE = "BCJSSE";

	private static final Map<String, String> CLASSES = Map.of("Conscrypt", "org.conscrypt.OpenSSLProvider",
			BOUNCY_CASTLE, "org.bouncycastle.jsse.provider.BouncyCastleJsseProvider");

	private final Map<String, Provider> found = new ConcurrentHashMap<>();

	JsseProvider find(Setting<String> setting) {
		String name = setting.value().trim();
		if (name.isEmpty()) {
			throw new DbTlsConfigurationException(setting.property(), "'%s' is empty.".formatted(setting.property()),
					"Name one of: %s. Or remove it to have the JDK's.".formatted(names()));
		}
		Provider provider = this.found.get(name);
		if (provider == null) {
			provider = look(setting.property(), name);
			requireTls(setting.property(), name, provider);
			this.found.put(name, provider);
		}
		return new JsseProvider(setting.property(), provider);
	}

	private static Provider look(String property, String name) {
		Provider registered = Security.getProvider(name);
		if (registered != null) {
			return registered;
		}
		return services().filter((provider) -> provider.getName().equals(name))
			.findFirst()
			.orElseGet(() -> ofClass(property, name));
	}

	private static Stream<Provider> services() {
		Iterator<Provider> services = ServiceLoader.load(Provider.class, ClassUtils.getDefaultClassLoader()).iterator();
		List<Provider> found = new ArrayList<>();
		// Each that is broken is passed over by the next attempt.
		for (int attempts = 0; attempts < MOST_SERVICES; attempts++) {
			try {
				if (!services.hasNext()) {
					break;
				}
				found.add(services.next());
			}
			catch (ServiceConfigurationError | LinkageError ex) {
				// It has no name to look for. If it is the one, its class tells why.
			}
		}
		return found.stream();
	}

	private static Provider ofClass(String property, String name) {
		String className = CLASSES.getOrDefault(name, name);
		try {
			Class<?> type = Class.forName(className, false, ClassUtils.getDefaultClassLoader());
			if (!Provider.class.isAssignableFrom(type)) {
				throw new DbTlsConfigurationException(property,
						"'%s' is '%s', a class that is no java.security.Provider.".formatted(property, name),
						"Name one of: %s. Or remove it to have the JDK's.".formatted(names()));
			}
			return instance(type.asSubclass(Provider.class));
		}
		catch (ClassNotFoundException ex) {
			throw notFound(property, name, ex);
		}
		catch (InvocationTargetException | IllegalArgumentException | LinkageError ex) {
			throw new DbTlsConfigurationException(property,
					"'%s' is '%s', which cannot be loaded: %s.".formatted(property, name, JsseProvider.text(ex)),
					"Let the class path have what it needs on this platform (%s, %s), or remove '%s'."
						.formatted(System.getProperty("os.name"), System.getProperty("os.arch"), property),
					ex);
		}
		catch (ReflectiveOperationException ex) {
			throw new DbTlsConfigurationException(property,
					"'%s' is '%s', which has no public constructor without parameters.".formatted(property, name),
					"Name one of: %s. Or remove it to have the JDK's.".formatted(names()), ex);
		}
	}

	private static Provider instance(Class<? extends Provider> type) throws ReflectiveOperationException {
		if (!type.getName().equals(CLASSES.get(BOUNCY_CASTLE))) {
			return type.getConstructor().newInstance();
		}
		// Without, it looks for BouncyCastle's algorithms among the registered ones.
		Class<?> algorithms = ClassUtils.resolveClassName("org.bouncycastle.jce.provider.BouncyCastleProvider",
				type.getClassLoader());
		return type.getConstructor(Provider.class).newInstance(algorithms.getConstructor().newInstance());
	}

	private static DbTlsConfigurationException notFound(String property, String name, ClassNotFoundException ex) {
		String missing = CLASSES.containsKey(name)
				? "whose class %s is not on the class path".formatted(CLASSES.get(name))
				: "which is no name of a provider that is registered or on the class path, and no class on it";
		return new DbTlsConfigurationException(property, "'%s' is '%s', %s.".formatted(property, name, missing),
				"Add its jar to the class path, or name one of: %s. Or remove it to have the JDK's.".formatted(names()),
				ex);
	}

	private static void requireTls(String property, String name, Provider provider) {
		if (provider.getService("SSLContext", "TLS") == null) {
			throw new DbTlsConfigurationException(property,
					"'%s' is '%s', which is no JSSE provider: it has no SSLContext 'TLS'.".formatted(property, name),
					"Name one of: %s. Or remove it to have the JDK's.".formatted(names()));
		}
	}

	private static String names() {
		Set<String> names = new TreeSet<>();
		Stream.concat(Stream.of(Security.getProviders()), services())
			.filter((provider) -> provider.getService("SSLContext", "TLS") != null)
			.forEach((provider) -> names.add(provider.getName()));
		List<String> known = new ArrayList<>(CLASSES.keySet());
		known.removeIf(
				(name) -> !ClassUtils.isPresent(CLASSES.getOrDefault(name, ""), ClassUtils.getDefaultClassLoader()));
		names.addAll(known);
		return String.join(", ", names);
	}

}
