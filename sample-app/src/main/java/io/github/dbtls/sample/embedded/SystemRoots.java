package io.github.dbtls.sample.embedded;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

import io.github.dbtls.sample.pki.TrustFormat;
import org.jspecify.annotations.Nullable;

/**
 * Makes the root of the embedded database one that the JVM trusts, as the public ones
 * are, for as long as that is the shape.
 * <p>
 * No application does so: it is the demonstration's stand-in for a public authority,
 * which would not issue a certificate for this machine. The JVM's roots are all still
 * there.
 */
final class SystemRoots {

	private static final String PREFIX = "javax.net.ssl.trustStore";

	private static final String TYPE = "PKCS12";

	/** What the properties were, as long as they are others. */
	private @Nullable Map<String, @Nullable String> before;

	void add(PrivateFolder folder, X509Certificate root) {
		restore();
		List<X509Certificate> roots = new ArrayList<>(load());
		roots.add(root);
		// The file holds nothing secret.
		String password = "changeit";
		Path file = folder.replace("system-roots.p12", store(roots, password));
		Map<String, @Nullable String> before = new LinkedHashMap<>();
		set(before, PREFIX, file.toString());
		set(before, PREFIX + "Type", TYPE);
		set(before, PREFIX + "Password", password);
		this.before = before;
	}

	void restore() {
		if (this.before != null) {
			this.before.forEach((name, value) -> {
				if (value != null) {
					System.setProperty(name, value);
				}
				else {
					System.clearProperty(name);
				}
			});
			this.before = null;
		}
	}

	private static void set(Map<String, @Nullable String> before, String name, String value) {
		before.put(name, System.setProperty(name, value));
	}

	private static List<X509Certificate> load() {
		try {
			TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
			factory.init((KeyStore) null);
			for (TrustManager manager : factory.getTrustManagers()) {
				if (manager instanceof X509TrustManager x509) {
					return List.of(x509.getAcceptedIssuers());
				}
			}
			return List.of();
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Unable to read the JVM's roots", ex);
		}
	}

	private static byte[] store(List<X509Certificate> roots, String password) {
		try {
			return TrustFormat.store(TYPE, roots, password);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Unable to write the JVM's roots", ex);
		}
	}

}
