package io.github.dbtls.sample.journal;

/**
 * The journal that an application hands over when it restarts inside its JVM.
 *
 * @param journal the journal
 */
public record EarlierJournal(Journal journal) {
}
