package io.github.dbtls.benchmarks;

/**
 * What the report has to say beside numbers, above all who could not take part and why.
 *
 * @param group where it happened
 * @param contestant whom it concerns
 * @param text what happened
 */
record Note(Group group, String contestant, String text) {
}
