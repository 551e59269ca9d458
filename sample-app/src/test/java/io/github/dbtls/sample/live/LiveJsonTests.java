package io.github.dbtls.sample.live;

import java.time.Instant;
import java.util.List;

import io.github.dbtls.sample.journal.Journal;
import io.github.dbtls.sample.orders.OrderLoadState;
import io.github.dbtls.sample.stage.StageState;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LiveJson}: the names that the page relies on.
 */
class LiveJsonTests {

	private static final Instant TIME = Instant.parse("2026-11-21T12:00:00Z");

	private static final OrderLoadState ORDERS = new OrderLoadState(OrderLoadState.State.SERVING, 1, 2, 3, 4, 5, 6, 7.5,
			8.5);

	private static final LiveState FULL = new LiveState(TIME, new LiveState.Application(TIME, "embedded"),
			new LiveState.Connection("UP", true, "TLSv1.3", "cipher", false, "host", "server",
					new LiveState.Error("cause", "message"),
					List.of(new LiveState.PathCertificate("server", "subject", "issuer", List.of("DNS:db"), TIME, TIME,
							1L))),
			List.of(new LiveState.Setting("name", "value", "origin", "property", "location")),
			new LiveState.Trust("source", 1, 1, TIME, "error", TIME,
					List.of(new LiveState.Authority("subject", TIME, true))),
			List.of(new LiveState.Handshake(TIME, "host", "SUCCESS", 1.5, "TLSv1.3", false, 1)),
			new LiveState.Failure(TIME, "host", "cause", "description", "action", TIME),
			new LiveState.Pool(1, 2, 3, 4, 5, 6), ORDERS, new LiveState.Yaml("file", "text", List.of()),
			List.of(new Journal.Entry(TIME, Journal.Kind.ACTION, "text")),
			new StageState(new StageState.Busy("id", "title"),
					List.of(new StageState.Demonstration("id", "group", "title", "sentence", "watch", true, false)),
					new StageState.Impostor("name", 1, 0), new StageState.Server(true, List.of("TLSv1.3")),
					List.of(new StageState.Shape("id", "title", "note", true))));

	private final LiveJson json = new LiveJson(JsonMapper.builder().build());

	@Test
	void namesAreThoseThatThePageReliesOn() {
		JsonNode state = write(FULL);
		assertNames(state, "", "at", "application", "connection", "policy", "trust", "handshakes", "lastFailure",
				"pool", "orders", "yaml", "journal", "stage");
		assertNames(state, "/application", "startedAt", "profile");
		assertNames(state, "/connection", "status", "verified", "protocol", "cipher", "resumed", "host", "server",
				"error", "path");
		assertNames(state, "/connection/error", "cause", "message");
		assertNames(state, "/connection/path/0", "role", "subject", "issuer", "names", "notBefore", "notAfter",
				"daysLeft");
		assertNames(state, "/policy/0", "name", "value", "origin", "property", "location");
		assertNames(state, "/trust", "source", "certificates", "generation", "loadedAt", "lastError", "lastErrorAt",
				"authorities");
		assertNames(state, "/trust/authorities/0", "subject", "notAfter", "inUse");
		assertNames(state, "/handshakes/0", "time", "host", "outcome", "millis", "protocol", "resumed", "generation");
		assertNames(state, "/lastFailure", "time", "host", "cause", "description", "action", "nextSuccess");
		assertNames(state, "/pool", "active", "idle", "waiting", "total", "max", "outdated");
		assertNames(state, "/orders", "state", "placed", "waiting", "retried", "turnedAway", "lost", "inDatabase",
				"perSecond", "millis");
		assertNames(state, "/yaml", "file", "text", "elsewhere");
		assertNames(state, "/journal/0", "time", "kind", "text");
		assertNames(state, "/stage", "busy", "demonstrations", "impostor", "server", "shapes");
		assertNames(state, "/stage/busy", "id", "title");
		assertNames(state, "/stage/demonstrations/0", "id", "group", "title", "sentence", "watch", "lasting", "active");
		assertNames(state, "/stage/impostor", "name", "attempts", "bytesSeen");
		assertNames(state, "/stage/server", "running", "protocols");
		assertNames(state, "/stage/shapes/0", "id", "title", "note", "active");
		assertThat(state.at("/at").asString()).isEqualTo("2026-11-21T12:00:00Z");
		assertThat(state.at("/journal/0/kind").asString()).isEqualTo("ACTION");
	}

	@Test
	void whatIsNotKnownIsLeftOut() {
		LiveState state = new LiveState(TIME, new LiveState.Application(TIME, "mysql"),
				new LiveState.Connection("UNKNOWN", null, null, null, null, null, null, null, null), List.of(), null,
				List.of(), null, null, ORDERS, null, List.of(), null);
		assertNames(write(state), "", "at", "application", "connection", "policy", "handshakes", "orders", "journal");
		assertNames(write(state), "/connection", "status");
	}

	@Test
	void sameStateAtAnotherTimeSaysTheSame() {
		assertThat(FULL.saysTheSameAs(FULL.at(TIME.plusSeconds(1)))).isTrue();
		LiveState other = new LiveState(TIME, new LiveState.Application(TIME, "other"), FULL.connection(),
				FULL.policy(), FULL.trust(), FULL.handshakes(), FULL.lastFailure(), FULL.pool(), FULL.orders(),
				FULL.yaml(), FULL.journal(), FULL.stage());
		assertThat(FULL.saysTheSameAs(other)).isFalse();
	}

	private JsonNode write(LiveState state) {
		return JsonMapper.shared().readTree(this.json.write(state));
	}

	private static void assertNames(JsonNode state, String pointer, String... names) {
		assertThat(state.at(pointer).propertyNames()).containsExactly(names);
	}

}
