package io.github.dbtls.sample.live;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What the endpoint says, in the form in which the page wants it.
 */
final class SecurityView {

	private static final int MOST_HANDSHAKES = 20;

	private SecurityView() {
	}

	static List<LiveState.Setting> policy(@Nullable EndpointAnswer endpoint) {
		List<LiveState.Setting> settings = new ArrayList<>();
		if (endpoint != null && endpoint.policy() != null) {
			for (Map.Entry<String, JsonNode> setting : endpoint.policy().entrySet()) {
				JsonNode decided = setting.getValue();
				if (decided.isObject()) {
					settings.add(new LiveState.Setting(setting.getKey(), text(decided.path("value")),
							string(decided, "origin"), string(decided, "property"), string(decided, "location")));
				}
				else if (!decided.isEmpty()) {
					settings.add(new LiveState.Setting(setting.getKey(), text(decided), null, null, null));
				}
			}
		}
		return settings;
	}

	private static String text(JsonNode value) {
		return value.isArray() ? StreamSupport.stream(value.spliterator(), false)
			.map(SecurityView::text)
			.collect(Collectors.joining(", ")) : value.asString();
	}

	private static @Nullable String string(JsonNode node, String name) {
		return node.hasNonNull(name) ? node.get(name).asString() : null;
	}

	static LiveState.@Nullable Trust trust(@Nullable EndpointAnswer endpoint) {
		EndpointAnswer.Trust trust = (endpoint != null) ? endpoint.trust() : null;
		if (trust == null) {
			return null;
		}
		List<LiveState.Authority> authorities = (trust.authorities() != null) ? trust.authorities()
			.stream()
			.map((authority) -> new LiveState.Authority(authority.subject(), authority.notAfter(), authority.inUse()))
			.toList() : List.of();
		return new LiveState.Trust(trust.source(), trust.certificates(), trust.generation(), trust.loadedAt(),
				trust.lastError(), trust.lastErrorAt(), authorities);
	}

	static List<LiveState.Handshake> handshakes(@Nullable EndpointAnswer endpoint) {
		if (endpoint == null || endpoint.handshakes() == null) {
			return List.of();
		}
		return endpoint.handshakes()
			.stream()
			.limit(MOST_HANDSHAKES)
			.map((handshake) -> new LiveState.Handshake(handshake.time(), handshake.host(), handshake.outcome(),
					millis(handshake.duration()), handshake.protocol(), handshake.resumed(), handshake.generation()))
			.toList();
	}

	private static @Nullable Double millis(@Nullable Duration duration) {
		return (duration != null) ? Math.round(duration.toNanos() / 100_000.0) / 10.0 : null;
	}

	static LiveState.@Nullable Failure lastFailure(@Nullable EndpointAnswer endpoint) {
		EndpointAnswer.Failure failure = (endpoint != null) ? endpoint.lastFailure() : null;
		if (failure == null) {
			return null;
		}
		Instant nextSuccess = (failure.nextSuccess() != null) ? failure.nextSuccess().time() : null;
		return new LiveState.Failure(failure.time(), failure.host(), failure.cause(), failure.description(),
				failure.action(), nextSuccess);
	}

}
