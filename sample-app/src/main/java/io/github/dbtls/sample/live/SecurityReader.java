package io.github.dbtls.sample.live;

import java.util.Map;

import io.github.dbtls.actuate.DbTlsEndpoint;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.stereotype.Component;

/**
 * Asks the endpoints inside the application, and reads their answers as a client of
 * {@code /actuator/dbtls} and {@code /actuator/health/dbtls} would.
 */
@Component
class SecurityReader {

	private final HealthEndpoint health;

	private final ObjectProvider<DbTlsEndpoint> endpoint;

	private final JsonMapper jsonMapper;

	SecurityReader(HealthEndpoint health, ObjectProvider<DbTlsEndpoint> endpoint, JsonMapper jsonMapper) {
		this.health = health;
		this.endpoint = endpoint;
		// They may tell more tomorrow, and leave out what is not so.
		this.jsonMapper = jsonMapper.rebuild()
			.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
					DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
			.build();
	}

	/**
	 * Ask for the health of the connection. It borrows one, which may take its time.
	 * @return the answer, which knows nothing if nothing is secured
	 */
	HealthAnswer health() {
		HealthDescriptor health = this.health.healthForPath("dbtls");
		return (health != null) ? this.jsonMapper.convertValue(health, HealthAnswer.class) : HealthAnswer.UNKNOWN;
	}

	/**
	 * Ask for what is known already.
	 * @return the answer, or {@code null} if no DataSource is secured
	 */
	@Nullable EndpointAnswer endpoint() {
		DbTlsEndpoint endpoint = this.endpoint.getIfAvailable();
		if (endpoint == null) {
			return null;
		}
		Answers answers = this.jsonMapper.convertValue(endpoint.dataSources(), Answers.class);
		return answers.dataSources().values().stream().findFirst().orElse(null);
	}

	private record Answers(Map<String, EndpointAnswer> dataSources) {
	}

}
