package io.github.dbtls.actuate;

import java.util.List;

import io.github.dbtls.tls.PoolTls;

/**
 * A pool that the endpoint tells of.
 *
 * @param tls its TLS
 * @param settings its policy, part by part
 */
public record ReportedPool(PoolTls tls, List<DecidedSetting> settings) {

	public ReportedPool {
		settings = List.copyOf(settings);
	}

}
