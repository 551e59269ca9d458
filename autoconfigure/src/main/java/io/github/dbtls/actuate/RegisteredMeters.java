package io.github.dbtls.actuate;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.github.dbtls.CertificateRole;
import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.tls.CertificateInUse;
import io.github.dbtls.tls.PoolTls;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * The meters of the DataSources of one name in one registry. A meter comes into being
 * when there is something to say, and all go with the last DataSource.
 */
final class RegisteredMeters {

	static final String HANDSHAKE = "dbtls.handshake";

	static final String FAILURES = "dbtls.handshake.failures";

	static final String EXPIRY = "dbtls.certificate.expiry";

	static final String GENERATION = "dbtls.trust.generation";

	static final String RELOAD_FAILURES = "dbtls.trust.reload.failures";

	private static final Log logger = LogFactory.getLog("io.github.dbtls");

	private final MeterRegistry registry;

	private final Tags tags;

	/** One for each application context. */
	private final List<DataSourceMeters> dataSources = new CopyOnWriteArrayList<>();

	private final Map<HandshakeResult.Kind, Timer> handshakes = new ConcurrentHashMap<>();

	private final Map<HandshakeFailure, Counter> failures = new ConcurrentHashMap<>();

	private final Map<Expiry, Gauge> expiries = new ConcurrentHashMap<>();

	private final Counter reloadFailures;

	/** Those that are ours to remove. */
	private final Set<Meter> own = ConcurrentHashMap.newKeySet();

	private volatile boolean removed;

	/**
	 * Register the meters that are there from the start.
	 * @param registry the registry
	 * @param name the name of the DataSource
	 */
	RegisteredMeters(MeterRegistry registry, String name) {
		this.registry = registry;
		this.tags = Tags.of("datasource", name);
		this.reloadFailures = register(RELOAD_FAILURES, this.tags,
				() -> Counter.builder(RELOAD_FAILURES)
					.description("Changed certificates that did not come into force")
					.tags(this.tags)
					.register(registry));
		if (registry.find(GENERATION).tags(this.tags).meter() != null) {
			logger.warn(("%s: another application context without a common parent has a DataSource of this name in "
					+ "the same meter registry, whose gauges tell of that one only, such as %s. Give one of them "
					+ "another name, or a registry of its own.")
				.formatted(name, EXPIRY));
		}
		// Of several pools the one that is ahead.
		register(GENERATION, this.tags,
				() -> Gauge
					.builder(GENERATION, this, (all) -> all.pools().mapToInt(PoolTls::generation).max().orElse(0))
					.description("Generation of trust that is in force, counted from 1")
					.tags(this.tags)
					.register(registry));
	}

	void add(DataSourceMeters meters) {
		this.dataSources.add(meters);
	}

	/**
	 * Forget the pools of one application context, and leave nothing in the registry with
	 * the last ones.
	 * @param meters the pools
	 * @return whether they were the last
	 */
	boolean remove(DataSourceMeters meters) {
		this.dataSources.remove(meters);
		if (this.dataSources.isEmpty()) {
			remove();
			return true;
		}
		return false;
	}

	private Stream<PoolTls> pools() {
		return this.dataSources.stream().flatMap((meters) -> meters.pools().stream());
	}

	void record(HandshakeResult result) {
		if (result.nanos() >= 0) {
			Timer timer = this.handshakes.get(result.kind());
			if (timer == null) {
				timer = this.handshakes.computeIfAbsent(result.kind(), this::timer);
			}
			timer.record(result.nanos(), TimeUnit.NANOSECONDS);
		}
		if (result.failure() != null) {
			this.failures.computeIfAbsent(result.failure(), this::counter).increment();
		}
	}

	private Timer timer(HandshakeResult.Kind kind) {
		Tags tags = this.tags.and(Tag.of("outcome", kind.outcome()), Tag.of("protocol", kind.protocol()),
				Tag.of("resumed", String.valueOf(kind.resumed())));
		return register(HANDSHAKE, tags,
				() -> Timer.builder(HANDSHAKE).description("TLS handshakes").tags(tags).register(this.registry));
	}

	private Counter counter(HandshakeFailure cause) {
		Tags tags = this.tags.and("cause", cause.name());
		return register(FAILURES, tags,
				() -> Counter.builder(FAILURES)
					.description("Connections that could not be secured")
					.tags(tags)
					.register(this.registry));
	}

	void reloadRefused() {
		this.reloadFailures.increment();
	}

	/**
	 * Have a gauge for each kind of certificate that is in use: before the first
	 * handshake nobody knows the server's.
	 */
	void certificatesChanged() {
		pools().flatMap((pool) -> pool.certificatesInUse().stream())
			.map((certificate) -> Expiry.of(certificate.role()))
			.distinct()
			.forEach((expiry) -> this.expiries.computeIfAbsent(expiry, this::gauge));
	}

	private Gauge gauge(Expiry expiry) {
		Tags tags = this.tags.and("certificate", expiry.name().toLowerCase(Locale.ROOT));
		return register(EXPIRY, tags,
				() -> TimeGauge.builder(EXPIRY, this, TimeUnit.SECONDS, (all) -> expiry.seconds(all.pools()))
					.description("Time until the first of these certificates expires")
					.tags(tags)
					.register(this.registry));
	}

	private <M extends Meter> M register(String name, Tags tags, Supplier<M> registration) {
		// Somebody else may have it already, whom nothing is shared with: it stays there
		// when this one goes.
		boolean there = this.registry.find(name).tags(tags).meter() != null;
		M meter = registration.get();
		if (!there) {
			this.own.add(meter);
			if (this.removed) {
				// A handshake was under way.
				remove();
			}
		}
		return meter;
	}

	private void remove() {
		this.removed = true;
		this.own.forEach(this.registry::remove);
		this.own.clear();
	}

	/**
	 * The kinds of certificates that are told apart: who has to renew them differs.
	 */
	private enum Expiry {

		/** The server's, with those that it sends along. */
		SERVER,

		/** The trusted authority. */
		ANCHOR,

		/** What the client shows. */
		CLIENT;

		static Expiry of(CertificateRole role) {
			return switch (role) {
				case SERVER, CHAIN -> SERVER;
				case ANCHOR -> ANCHOR;
				case CLIENT -> CLIENT;
			};
		}

		double seconds(Stream<PoolTls> pools) {
			Stream<CertificateInUse> certificates = pools.flatMap((pool) -> pool.certificatesInUse().stream())
				.filter((certificate) -> of(certificate.role()) == this);
			return certificates.map(CertificateInUse::notAfter)
				.min(Instant::compareTo)
				.map((end) -> Duration.between(Instant.now(), end).toMillis() / 1000.0)
				.orElse(Double.NaN);
		}

	}

}
