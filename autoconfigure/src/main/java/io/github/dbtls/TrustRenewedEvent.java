package io.github.dbtls;

import java.time.Instant;

/**
 * Published as an application event when changed certificates came into force for a pool:
 * from then on it trusts others than before, or shows another certificate.
 *
 * @param dataSource the name of the DataSource
 * @param time when
 * @param generation the generation of trust in force, counted from 1
 * @param source where the trusted authorities come from, for people to read
 * @param certificates how many they are
 */
public record TrustRenewedEvent(String dataSource, Instant time, int generation, String source, int certificates) {
}
