package io.github.dbtls.sample.live;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

import io.github.dbtls.sample.journal.Journal;
import io.github.dbtls.sample.orders.OrderLoad;
import io.github.dbtls.sample.orders.OrderLoadState;
import io.github.dbtls.sample.stage.Stage;
import io.github.dbtls.sample.stage.StageState;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;
import org.springframework.util.StringUtils;

/**
 * Puts together what is known at a moment. It asks the database nothing.
 */
@Component
class StateReader {

	private final ApplicationContext context;

	private final SecurityReader security;

	private final PoolReader pool;

	private final OrderLoad orders;

	private final Journal journal;

	private final ObjectProvider<Stage> stage;

	private @Nullable List<LiveState.Setting> policyOfYaml;

	private LiveState.@Nullable Yaml yaml;

	StateReader(ApplicationContext context, SecurityReader security, PoolReader pool, OrderLoad orders, Journal journal,
			ObjectProvider<Stage> stage) {
		this.context = context;
		this.security = security;
		this.pool = pool;
		this.orders = orders;
		this.journal = journal;
		this.stage = stage;
	}

	/**
	 * Put it together. Only one thread may do so at a time.
	 * @param health what is known of the health
	 * @return the state
	 */
	LiveState read(HealthWatch.Observation health) {
		Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
		EndpointAnswer endpoint = this.security.endpoint();
		List<LiveState.Setting> policy = SecurityView.policy(endpoint);
		LiveState.Pool pool = this.pool.read(outdated(endpoint));
		Stage stage = this.stage.getIfAvailable();
		StageState stageState = (stage != null) ? stage.state() : null;
		OrderLoadState orders = this.orders.state();
		boolean serving = orders.state() == OrderLoadState.State.SERVING;
		return new LiveState(now, application(), ConnectionView.of(health, endpoint, pool, serving, now), policy,
				SecurityView.trust(endpoint), SecurityView.handshakes(endpoint), SecurityView.lastFailure(endpoint),
				pool, orders, yaml(policy), this.journal.latest(), stageState);
	}

	// The file is read only when something else is in force.
	private LiveState.@Nullable Yaml yaml(List<LiveState.Setting> policy) {
		if (!policy.equals(this.policyOfYaml)) {
			this.yaml = ConfigurationText.of(policy);
			this.policyOfYaml = policy;
		}
		return this.yaml;
	}

	private LiveState.Application application() {
		Environment environment = this.context.getEnvironment();
		String[] profiles = environment.getActiveProfiles();
		return new LiveState.Application(Instant.ofEpochMilli(this.context.getStartupDate()), StringUtils
			.arrayToDelimitedString((profiles.length > 0) ? profiles : environment.getDefaultProfiles(), ", "));
	}

	private static int outdated(@Nullable EndpointAnswer endpoint) {
		return (endpoint != null && endpoint.connections() != null) ? endpoint.connections().outdated() : 0;
	}

}
