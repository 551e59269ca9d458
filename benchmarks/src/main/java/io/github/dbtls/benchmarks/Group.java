package io.github.dbtls.benchmarks;

/**
 * What samples have in common that are compared with one another.
 *
 * @param scenario the name of the scenario
 * @param leg where it ran
 * @param setting what else makes a difference, such as {@code 8 threads}
 */
record Group(String scenario, Leg.Label leg, String setting) {
}
