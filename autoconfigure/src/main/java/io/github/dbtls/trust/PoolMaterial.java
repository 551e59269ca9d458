package io.github.dbtls.trust;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * All that one generation of a pool's TLS is made of. It is read, judged and put in force
 * as one: never is a part of it newer than another.
 *
 * @param trust the trusted authorities
 * @param clientKey what the client shows to the server, or {@code null} if nothing
 * @param warnings what its author would want to know, for the log when it comes into
 * force
 */
public record PoolMaterial(TrustMaterial trust, @Nullable ClientKey clientKey, List<String> warnings) {

	public PoolMaterial {
		warnings = List.copyOf(warnings);
	}

}
