package io.github.dbtls.trust;

/**
 * All that one generation of a pool's TLS is made of. It is read, judged and put in force
 * as one: never is a part of it newer than another.
 *
 * @param trust the trusted authorities
 */
public record PoolMaterial(TrustMaterial trust) {
}
