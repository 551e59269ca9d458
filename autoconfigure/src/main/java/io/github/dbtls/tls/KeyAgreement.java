package io.github.dbtls.tls;

import java.security.AlgorithmConstraints;
import java.security.AlgorithmParameters;
import java.security.CryptoPrimitive;
import java.security.Key;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Watches on which kind of group one handshake agrees on keys, and may have it begin with
 * elliptic curves of NIST only. JSSE asks an {@link AlgorithmConstraints} for its consent
 * to each group, and to the server's key; nothing else tells. It can take away from what
 * JSSE and the JVM allow, and never add to it.
 */
final class KeyAgreement implements AlgorithmConstraints {

	private static final String ELLIPTIC_CURVE = "EC";

	private static final Set<CryptoPrimitive> AGREEMENT = Set.of(CryptoPrimitive.KEY_AGREEMENT);

	private final boolean curvesOnly;

	private @Nullable String agreed;

	/**
	 * Begin to watch.
	 * @param curvesOnly whether to offer secp256r1, secp384r1 and secp521r1 only
	 */
	KeyAgreement(boolean curvesOnly) {
		this.curvesOnly = curvesOnly;
	}

	/**
	 * Return whether the server agreed on one of NIST's curves.
	 * @return whether it did; {@code false} if there was no agreement, as where TLS 1.2
	 * resumes
	 */
	boolean isOnCurve() {
		return ELLIPTIC_CURVE.equals(this.agreed);
	}

	@Override
	public boolean permits(Set<CryptoPrimitive> primitives, String algorithm,
			@Nullable AlgorithmParameters parameters) {
		return !this.curvesOnly || !primitives.contains(CryptoPrimitive.KEY_AGREEMENT) || !isOtherGroup(algorithm);
	}

	private static boolean isOtherGroup(String algorithm) {
		return switch (algorithm) {
			case "XDH", "x25519", "x448", "DiffieHellman" -> true;
			default -> algorithm.startsWith("ffdhe");
		};
	}

	@Override
	public boolean permits(Set<CryptoPrimitive> primitives, Key key) {
		// A certificate without key usage is asked about with this primitive among
		// others.
		if (primitives.equals(AGREEMENT)) {
			this.agreed = key.getAlgorithm();
		}
		return true;
	}

	@Override
	public boolean permits(Set<CryptoPrimitive> primitives, String algorithm, Key key,
			@Nullable AlgorithmParameters parameters) {
		return true;
	}

}
