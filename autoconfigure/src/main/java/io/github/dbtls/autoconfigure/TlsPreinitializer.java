package io.github.dbtls.autoconfigure;

import java.util.Properties;

import io.github.dbtls.Provider;
import io.github.dbtls.TlsPolicy;
import io.github.dbtls.TlsSettings;
import io.github.dbtls.TlsSettings.Setting;
import io.github.dbtls.connectorj.DriverSettings;
import io.github.dbtls.tls.PoolTls;
import io.github.dbtls.trust.MaterialSource;

import org.springframework.boot.autoconfigure.preinitialize.BackgroundPreinitializer;

/**
 * Loads what securing a pool needs of the JDK and of the driver while the application
 * begins to start: some hundred classes of JSSE, X.509 and Connector/J, which would be
 * loaded at the first connection otherwise. A pool is checked before it starts, so that
 * the thread that starts the application would load them. Like Boot's own,
 * {@code -Dspring.backgroundpreinitializer.ignore=true} switches it off, and a machine
 * with a single processor does without.
 */
final class TlsPreinitializer implements BackgroundPreinitializer {

	/** An authority whose key nobody has, and that no pool trusts. */
	private static final String AUTHORITY = "classpath:io/github/dbtls/autoconfigure/preinitialize.pem";

	@Override
	public void preinitialize() {
		// What is done for a pool, for one that does not exist: nothing is registered,
		// logged or connected.
		DriverSettings.read("A pool", "jdbc:mysql://localhost/", new Properties()).hosts();
		new PoolTls("none", policy(), MaterialSource.of(policy(), null).read().load(), (failure) -> {
		});
	}

	private static TlsPolicy policy() {
		Provider provider = Provider.builtIn()
			.stream()
			.filter((builtIn) -> builtIn.id().equals("mysql"))
			.findFirst()
			.orElseThrow();
		return TlsPolicy.decide(provider, new TlsSettings(new Setting<>("dbtls.provider", provider.id()),
				new Setting<>("dbtls.ca-path", AUTHORITY), null, null, null, null, null, null, null, null, null, null));
	}

}
