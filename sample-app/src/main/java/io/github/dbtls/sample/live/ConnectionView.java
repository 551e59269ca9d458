package io.github.dbtls.sample.live;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import io.github.dbtls.sample.live.LiveState.PathCertificate;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the connection, from health, which is exact and may be late, and from
 * the endpoint and the pool, which know at once.
 */
final class ConnectionView {

	/** A healthy database answers much faster. */
	private static final Duration PATIENCE = Duration.ofSeconds(1);

	private static final Set<String> PATH_ROLES = Set.of("server", "chain", "anchor");

	private ConnectionView() {
	}

	static LiveState.Connection of(HealthWatch.Observation health, @Nullable EndpointAnswer endpoint,
			LiveState.@Nullable Pool pool, boolean serving, Instant now) {
		HealthAnswer.Details details = health.answer().details();
		EndpointAnswer.Failure failure = (endpoint != null) ? endpoint.lastFailure() : null;
		boolean fresh = failure != null && failure.goesOn() && failure.time() != null
				&& failure.time().isAfter(health.at());
		boolean empty = fresh && pool != null && pool.total() == 0;
		// On a busy machine health may be slow although orders are placed.
		boolean overdue = !serving && isUp(health.answer()) && health.isOverdue(now, PATIENCE);
		if (!isDown(health.answer()) && (empty || overdue)) {
			return away(details, fresh ? failure : null);
		}
		return (details != null) ? told(health.answer(), details, endpoint, now)
				: new LiveState.Connection(status(health.answer()), null, null, null, null, null, null, null, null);
	}

	private static LiveState.Connection away(HealthAnswer.@Nullable Details details,
			EndpointAnswer.@Nullable Failure failure) {
		LiveState.Error error = (failure != null) ? new LiveState.Error(failure.cause(), failure.description())
				: new LiveState.Error("OTHER", "The database does not answer.");
		String host = (failure != null) ? failure.host() : (details != null) ? details.host() : null;
		return new LiveState.Connection("DOWN", (details != null) ? details.verified() : null, null, null, null, host,
				null, error, null);
	}

	private static LiveState.Connection told(HealthAnswer answer, HealthAnswer.Details details,
			@Nullable EndpointAnswer endpoint, Instant now) {
		return new LiveState.Connection(status(answer), details.verified(), details.protocol(), details.cipher(),
				details.resumed(), details.host(), (details.server() != null) ? details.server().version() : null,
				error(details), isDown(answer) ? null : path(endpoint, details.certificate(), now));
	}

	private static LiveState.@Nullable Error error(HealthAnswer.Details details) {
		HealthAnswer.Error error = details.error();
		return (error != null) ? new LiveState.Error(error.cause(), error.message()) : null;
	}

	private static boolean isUp(HealthAnswer answer) {
		return status(answer).equals("UP");
	}

	private static boolean isDown(HealthAnswer answer) {
		return status(answer).equals("DOWN");
	}

	private static String status(HealthAnswer answer) {
		return switch ((answer.status() != null) ? answer.status() : "") {
			// A certificate expires soon, and the user wants to be told: it is verified.
			case "UP", "OUT_OF_SERVICE" -> "UP";
			case "DOWN" -> "DOWN";
			default -> "UNKNOWN";
		};
	}

	private static @Nullable List<PathCertificate> path(@Nullable EndpointAnswer endpoint,
			HealthAnswer.@Nullable Certificate shown, Instant now) {
		if (endpoint == null || endpoint.certificates() == null) {
			return null;
		}
		List<EndpointAnswer.Certificate> all = endpoint.certificates();
		// Behind one name there may be several servers. This is the path of one.
		boolean known = all.stream().anyMatch((certificate) -> isOf(certificate, shown));
		return all.stream()
			.filter((certificate) -> !known || !"server".equals(certificate.role()) || isOf(certificate, shown))
			.filter((certificate) -> certificate.role() != null && PATH_ROLES.contains(certificate.role()))
			.map((certificate) -> certificate(certificate, now))
			.toList();
	}

	private static boolean isOf(EndpointAnswer.Certificate certificate, HealthAnswer.@Nullable Certificate shown) {
		return "server".equals(certificate.role()) && shown != null
				&& Objects.equals(certificate.serialNumber(), shown.serialNumber());
	}

	private static PathCertificate certificate(EndpointAnswer.Certificate certificate, Instant now) {
		return new PathCertificate(String.valueOf(certificate.role()), certificate.subject(), certificate.issuer(),
				certificate.subjectAlternativeNames(), certificate.notBefore(), certificate.notAfter(),
				daysLeft(certificate.notAfter(), now));
	}

	// Negative as soon as it has expired.
	private static @Nullable Long daysLeft(@Nullable Instant notAfter, Instant now) {
		return (notAfter != null)
				? Math.floorDiv(Duration.between(now, notAfter).toSeconds(), Duration.ofDays(1).toSeconds()) : null;
	}

}
