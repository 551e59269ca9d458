package io.github.dbtls.benchmarks;

/**
 * One side of a comparison. The first one of a comparison is the base of its ratios.
 *
 * @param name the name in the report
 * @param operation what it does
 */
record Contestant(String name, Operation operation) {
}
