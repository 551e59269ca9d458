package io.github.dbtls.diagnosis;

import java.util.List;

import io.github.dbtls.HandshakeFailure;
import org.jspecify.annotations.Nullable;

/**
 * The rules for each kind of failure that certificates cause. The first that recognises
 * something is heard: what is certain stands before what is likely, and a cloud's own
 * cause before the general one.
 */
final class CertificateRules {

	private static final List<CertificateRule> UNTRUSTED = List.of(TidbRules::autoTls,
			OwnAuthorityRules::sameNameOtherKey, AmazonRules::instance, AmazonRules::proxy,
			LetsEncryptRules::missingRoot, TencentRules::renewed, OwnAuthorityRules::generatedByMySql,
			OwnAuthorityRules::selfSigned, ChainRules::missingIntermediate, ChainRules::storeOfOne,
			ChainRules::leafAlone);

	private static final List<CertificateRule> NAMES = List.of(NameRules::noNames, NameRules::address,
			NameRules::tooDeepForAsterisk, NameRules::otherNames);

	private static final List<CertificateRule> DATES = List.of(ClockRules::beforeThisVersion,
			ClockRules::allInTheFuture, ClockRules::allExpired, ClockRules::one);

	private CertificateRules() {
	}

	static @Nullable Finding find(HandshakeFailure failure, HandshakeFacts facts) {
		if (facts.presented().isEmpty()) {
			return null;
		}
		try {
			return first(rules(failure), facts, IssuedPath.of(facts.presented()));
		}
		catch (RuntimeException ex) {
			// Whatever a stranger's certificate did to it: the failure itself is to be
			// told.
			return null;
		}
	}

	private static @Nullable Finding first(List<CertificateRule> rules, HandshakeFacts facts, IssuedPath path) {
		for (CertificateRule rule : rules) {
			Finding finding = rule.find(facts, path);
			if (finding != null) {
				return finding;
			}
		}
		return null;
	}

	private static List<CertificateRule> rules(HandshakeFailure failure) {
		return switch (failure) {
			case UNTRUSTED_ISSUER -> UNTRUSTED;
			case HOST_NAME_MISMATCH -> NAMES;
			case EXPIRED, NOT_YET_VALID -> DATES;
			default -> List.of();
		};
	}

}
