package io.github.dbtls.sample.guestbook;

import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.stereotype.Component;

/**
 * Asks the health endpoint inside the application, and reads its answer as a client of
 * {@code /actuator/health/dbtls} would.
 */
@Component
class ConnectionReporter {

	private static final ConnectionReport UNKNOWN = new ConnectionReport("UNKNOWN", null);

	private final HealthEndpoint healthEndpoint;

	private final JsonMapper jsonMapper;

	ConnectionReporter(HealthEndpoint healthEndpoint, JsonMapper jsonMapper) {
		this.healthEndpoint = healthEndpoint;
		this.jsonMapper = jsonMapper;
	}

	ConnectionReport report() {
		HealthDescriptor health = this.healthEndpoint.healthForPath("dbtls");
		return (health != null) ? this.jsonMapper.convertValue(health, ConnectionReport.class) : UNKNOWN;
	}

}
