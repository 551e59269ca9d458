package io.github.dbtls.actuate;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/**
 * What is decided, trusted, open and past of each secured pool. It only tells what is
 * known already: it makes no connection and no handshake, and creates no lazy bean.
 * <p>
 * It has no {@code show-values} as {@code configprops} and {@code env} have: those show
 * whatever stands in a configuration and hide what may be a secret. This shows a closed
 * list of settings, and passwords, keys and JDBC URLs are not on it.
 */
@Endpoint(id = "dbtls")
public final class DbTlsEndpoint {

	private final Supplier<Map<String, ReportedPool>> pools;

	/**
	 * Create an endpoint.
	 * @param pools returns the pools that are secured now, by name
	 */
	public DbTlsEndpoint(Supplier<Map<String, ReportedPool>> pools) {
		this.pools = pools;
	}

	/**
	 * Tell of all pools. A long list of authorities is cut.
	 * @return the description of each by its name
	 */
	@ReadOperation
	public Map<String, Object> dataSources() {
		Map<String, Object> dataSources = new LinkedHashMap<>();
		this.pools.get().forEach((name, pool) -> dataSources.put(name, PoolDescription.overview(pool)));
		return OperationResponseBody.of(Map.of("dataSources", dataSources));
	}

	/**
	 * Tell of one pool, with all authorities that it trusts.
	 * @param name its name
	 * @return its description, or {@code null} if there is none of that name
	 */
	@ReadOperation
	public @Nullable Map<String, Object> dataSource(@Selector String name) {
		ReportedPool pool = this.pools.get().get(name);
		return (pool != null) ? OperationResponseBody.of(PoolDescription.whole(pool)) : null;
	}

}
