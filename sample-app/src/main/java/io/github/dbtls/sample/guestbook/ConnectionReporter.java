package io.github.dbtls.sample.guestbook;

import io.github.dbtls.sample.live.LatestHealth;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.stereotype.Component;

/**
 * Reads what the health endpoint said last as a client of {@code /actuator/health/dbtls}
 * would. It does not ask, so that the page is there at once while the database is away.
 */
@Component
class ConnectionReporter {

	private final LatestHealth latest;

	private final JsonMapper jsonMapper;

	ConnectionReporter(LatestHealth latest, JsonMapper jsonMapper) {
		this.latest = latest;
		this.jsonMapper = jsonMapper;
	}

	ConnectionReport report() {
		HealthDescriptor health = this.latest.health();
		if (health == null) {
			return new ConnectionReport(this.latest.isLost() ? "DOWN" : "UNKNOWN", null);
		}
		ConnectionReport report = this.jsonMapper.convertValue(health, ConnectionReport.class);
		return (report.isUp() && this.latest.isLost()) ? new ConnectionReport("DOWN", report.details()) : report;
	}

}
