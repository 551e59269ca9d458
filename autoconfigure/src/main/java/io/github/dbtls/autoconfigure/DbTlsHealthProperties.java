package io.github.dbtls.autoconfigure;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The health of secured pools.
 *
 * @param timeout How long a health check waits for a connection of the pool.
 */
@ConfigurationProperties("management.health.dbtls")
record DbTlsHealthProperties(@DefaultValue("10s") Duration timeout) {
}
