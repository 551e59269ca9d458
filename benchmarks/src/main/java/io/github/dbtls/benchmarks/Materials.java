package io.github.dbtls.benchmarks;

import java.nio.file.Path;
import java.util.List;

import io.github.dbtls.Provider;
import io.github.dbtls.TlsPolicy;
import io.github.dbtls.TlsSettings;
import io.github.dbtls.tls.PoolTls;
import io.github.dbtls.trust.MaterialSource;
import io.github.dbtls.trust.PoolMaterial;

/**
 * TLS of dbtls without an application around it.
 */
final class Materials {

	private Materials() {
	}

	static TlsPolicy policy(Path ca, List<String> tlsVersions) {
		Provider mysql = Provider.builtIn()
			.stream()
			.filter((provider) -> provider.id().equals("mysql"))
			.findFirst()
			.orElseThrow();
		return TlsPolicy.decide(mysql,
				new TlsSettings(new TlsSettings.Setting<>("dbtls.provider", mysql.id()),
						new TlsSettings.Setting<>("dbtls.ca-path", ca.toString()), null,
						new TlsSettings.Setting<>("dbtls.tls-versions", tlsVersions), null, null, null, null, null,
						null, null, null));
	}

	static PoolMaterial read(TlsPolicy policy) {
		return MaterialSource.of(policy, null).read().load();
	}

	static PoolTls tls(TlsPolicy policy, PoolMaterial material) {
		return new PoolTls("benchmark", policy, material, (outcome) -> {
		});
	}

	static PoolTls tls(Leg leg) {
		TlsPolicy policy = policy(leg.server().trust().pem(), List.of(leg.tls()));
		return tls(policy, read(policy));
	}

}
