package io.github.dbtls.check;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.SslMode;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.TlsPolicy;
import io.github.dbtls.TlsVersion;
import io.github.dbtls.TrustSource;
import io.github.dbtls.connectorj.ChoiceProbe;
import io.github.dbtls.connectorj.HostAddress;
import io.github.dbtls.tls.PoolTls;
import io.github.dbtls.tls.ServerChoice;
import io.github.dbtls.trust.PoolMaterial;
import io.github.dbtls.trust.TrustMaterial;

/**
 * Finds out which versions of TLS and which cipher suites a server accepts of those that
 * dbtls may offer: offers all of a version, and if all cipher suites are wanted takes the
 * one that the server chooses off the list, and goes on until it chooses none. Their
 * number is bounded, as is the time that all of them may take.
 */
final class ServerSurvey {

	/** More than a server accepts that leaves out what is weak. */
	private static final int MOST_CONNECTIONS = 40;

	/** How many times the timeout of one connection they may take in all. */
	private static final int PATIENCE = 3;

	/** What a server says that accepts none of what is left. */
	private static final Set<HandshakeFailure> NO_MORE = Set.of(HandshakeFailure.NO_COMMON_CIPHER,
			HandshakeFailure.NO_COMMON_PROTOCOL);

	private final CheckRequest request;

	private final HostAddress host;

	private final LongSupplier clock;

	private final long start;

	private int connections;

	private List<X509Certificate> presented = List.of();

	ServerSurvey(CheckRequest request, HostAddress host, LongSupplier clock) {
		this.request = request;
		this.host = host;
		this.clock = clock;
		this.start = clock.getAsLong();
	}

	/**
	 * Try all versions, newest first.
	 * @return what became of each
	 */
	List<CheckReport.Version> versions() {
		List<CheckReport.Version> versions = new ArrayList<>();
		for (TlsVersion version : List.of(TlsVersion.TLS_1_3, TlsVersion.TLS_1_2)) {
			versions.add(version(version));
		}
		return versions;
	}

	private CheckReport.Version version(TlsVersion version) {
		PoolTls pool = pool(version);
		List<String> offered = new ArrayList<>(ServerChoice.offer(pool.policy()));
		List<String> accepted = new ArrayList<>();
		while (!offered.isEmpty()) {
			if (this.connections >= MOST_CONNECTIONS || isOverdue()) {
				return new CheckReport.Version(version, accepted, null, false);
			}
			try {
				this.connections++;
				ServerChoice choice = ChoiceProbe.probe(pool, offered, this.host, this.request.via(this.host),
						this.request.timeout());
				this.presented = choice.presented();
				accepted.add(choice.cipher());
				offered.remove(choice.cipher());
				if (this.request.depth() != CheckRequest.Depth.CIPHERS) {
					return new CheckReport.Version(version, accepted, null, true);
				}
			}
			catch (TlsHandshakeException ex) {
				return new CheckReport.Version(version, accepted, ex, NO_MORE.contains(ex.getFailure()));
			}
		}
		return new CheckReport.Version(version, accepted, null, true);
	}

	private boolean isOverdue() {
		return this.clock.getAsLong() - this.start > this.request.timeout().multipliedBy(PATIENCE).toNanos();
	}

	private PoolTls pool(TlsVersion version) {
		TlsPolicy policy = this.request.policy();
		// It verifies nothing, and need not: none of its handshakes comes to an end.
		TlsPolicy offer = new TlsPolicy(policy.prefix(), policy.provider(), SslMode.REQUIRED, List.of(version),
				List.of(), new TrustSource.None(), null, policy.sessionLifetime(), null, List.of());
		TrustMaterial nothing = new TrustMaterial(offer.trust().toString(), List.of(), Instant.now());
		return new PoolTls("check", offer, new PoolMaterial(nothing, null, List.of()), (outcome) -> {
		});
	}

	/**
	 * Return how many connections were opened.
	 * @return the number
	 */
	int connections() {
		return this.connections;
	}

	/**
	 * Return what the server showed.
	 * @return the chain, leaf first; empty if it came to none
	 */
	List<X509Certificate> presented() {
		return this.presented;
	}

}
