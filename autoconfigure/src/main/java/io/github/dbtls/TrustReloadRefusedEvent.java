package io.github.dbtls;

import java.time.Instant;

/**
 * Published as an application event when changed certificates do not come into force,
 * once for each reason. The earlier ones stay in force.
 *
 * @param dataSource the name of the DataSource
 * @param time since when
 * @param reason what is wrong with them; holds no secret
 * @param generation the generation of trust that stays in force
 */
public record TrustReloadRefusedEvent(String dataSource, Instant time, String reason, int generation) {
}
