package io.github.dbtls.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Map;

import io.github.dbtls.actuate.DbTlsEndpoint;
import io.github.dbtls.actuate.ReportedPool;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the endpoint that tells of secured pools, where it is exposed.
 */
@AutoConfiguration(after = DbTlsAutoConfiguration.class)
@ConditionalOnClass({ Endpoint.class, ConditionalOnAvailableEndpoint.class })
@ConditionalOnBean(SecuredPools.class)
@ConditionalOnAvailableEndpoint(DbTlsEndpoint.class)
public final class DbTlsEndpointAutoConfiguration {

	DbTlsEndpointAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean
	DbTlsEndpoint dbTlsEndpoint(SecuredPools pools) {
		return new DbTlsEndpoint(() -> reported(pools));
	}

	private static Map<String, ReportedPool> reported(SecuredPools pools) {
		Map<String, ReportedPool> reported = new LinkedHashMap<>();
		for (SecuredPool pool : pools.open()) {
			reported.put(HealthComponentNames.free(reported.keySet(), pool.name(), pool.source().poolName()),
					new ReportedPool(pool.tls(), pool.settings().all(pool.tls().offeredCiphers())));
		}
		return reported;
	}

}
