/**
 * What a TLS connection to MySQL costs: with dbtls, and with what it is an alternative
 * to.
 * <p>
 * {@code mvn -pl benchmarks -am -Pbenchmarks verify} runs
 * {@link io.github.dbtls.benchmarks.Benchmarks}, which starts
 * {@link io.github.dbtls.benchmarks.Servers real servers} once, and a
 * {@link io.github.dbtls.benchmarks.Child JVM} for each
 * {@link io.github.dbtls.benchmarks.Scenario} in each
 * {@link io.github.dbtls.benchmarks.Leg}: a JDK, a server, a version of TLS and a kind of
 * key. What the children measured comes back as lines of CSV, becomes
 * {@code target/report.csv}, and a {@link io.github.dbtls.benchmarks.Report} with the
 * verdicts on the {@link io.github.dbtls.benchmarks.Targets}, {@code target/report.md}.
 * <p>
 * How it measures:
 * <ul>
 * <li>A comparison has {@link io.github.dbtls.benchmarks.Contestant contestants}, of
 * which the first is the base. They take turns of equal length in one JVM, A B C, A B C,
 * after a warm-up of three turns: {@link io.github.dbtls.benchmarks.Rounds}.</li>
 * <li>What counts is the ratio of two contestants in the same round, and of those ratios
 * the median. A machine that slows down for a while changes both sides of a ratio; CPU
 * time and memory hardly move at all.</li>
 * <li>An {@link io.github.dbtls.benchmarks.Operation} starts and stops a
 * {@link io.github.dbtls.benchmarks.Meter} around what counts. CPU time and memory are
 * those of the working threads, or, where a pool's own threads work, CPU time is that of
 * the process.</li>
 * <li>Physical connections are opened without a pool, with the URL and the properties
 * that dbtls gave to a pool: a {@link io.github.dbtls.benchmarks.Variant} is one way to
 * open one.</li>
 * <li>Whoever claims to have resumed a TLS session, or not to have, is asked at each
 * connection; the report has the share.</li>
 * <li>Who cannot take part is in the report with the reason.</li>
 * </ul>
 * To add a scenario, write a class that implements
 * {@link io.github.dbtls.benchmarks.Scenario}, list it in
 * {@link io.github.dbtls.benchmarks.Scenario#all()}, and hand its contestants to
 * {@link io.github.dbtls.benchmarks.Rounds#compare}. The report shows what it finds in
 * the samples.
 * <p>
 * Client and server share a machine, and containers are reached through the port that
 * Docker publishes: what they cost both sides of a ratio alike makes ratios smaller than
 * they are between two machines without delay.
 */
@NullMarked
package io.github.dbtls.benchmarks;

import org.jspecify.annotations.NullMarked;
