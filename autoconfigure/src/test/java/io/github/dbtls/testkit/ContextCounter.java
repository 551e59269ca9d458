package io.github.dbtls.testkit;

import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Security;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.SSLContext;

/**
 * Counts how often this JVM makes an {@link SSLContext}, whoever does: the driver, dbtls
 * or a server of a test. It stands before the JDK's own provider, and lets that one make
 * them.
 */
public final class ContextCounter implements AutoCloseable {

	private final CountingProvider provider = new CountingProvider();

	private ContextCounter() {
		Security.insertProviderAt(this.provider, 1);
	}

	/**
	 * Begin to count.
	 * @return the counter, to be closed
	 */
	public static ContextCounter start() {
		return new ContextCounter();
	}

	/**
	 * Return how many were made until now.
	 * @return the number
	 */
	public int count() {
		return this.provider.count.get();
	}

	@Override
	public void close() {
		Security.removeProvider(this.provider.getName());
	}

	private static final class CountingProvider extends Provider {

		private static final long serialVersionUID = 1L;

		private final transient AtomicInteger count = new AtomicInteger();

		private CountingProvider() {
			super("dbtls-test-counter", "1", "Counts SSL contexts");
			Service jdk = jdk();
			putService(new Service(this, jdk.getType(), jdk.getAlgorithm(), jdk.getClassName(), List.of(), Map.of()) {

				@Override
				public Object newInstance(Object parameter) throws NoSuchAlgorithmException {
					CountingProvider.this.count.incrementAndGet();
					return jdk.newInstance(parameter);
				}

			});
		}

		private static Service jdk() {
			try {
				return SSLContext.getInstance("TLS").getProvider().getService("SSLContext", "TLS");
			}
			catch (NoSuchAlgorithmException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

}
