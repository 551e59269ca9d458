package io.github.dbtls.sample.embedded;

import java.io.IOException;

import org.junit.jupiter.api.Test;

import org.springframework.boot.diagnostics.FailureAnalysis;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EmbeddedDatabaseFailureAnalyzer}.
 */
class EmbeddedDatabaseFailureAnalyzerTests {

	@Test
	void analyzeWhenThereIsNoCauseSaysWhatToUseInstead() {
		FailureAnalysis analysis = analyze(new EmbeddedDatabaseException("No MariaDB here.", null));
		assertThat(analysis.getDescription()).isEqualTo("No MariaDB here.");
		assertThat(analysis.getAction()).contains("SPRING_PROFILES_ACTIVE=mysql", ".envrc.example");
	}

	@Test
	void analyzeWhenThereIsCauseShowsIt() {
		FailureAnalysis analysis = analyze(new EmbeddedDatabaseException("No start.", new IOException("Disk full")));
		assertThat(analysis.getDescription()).contains("No start.", "Disk full");
	}

	private FailureAnalysis analyze(EmbeddedDatabaseException failure) {
		FailureAnalysis analysis = new EmbeddedDatabaseFailureAnalyzer().analyze(failure);
		assertThat(analysis).isNotNull();
		return analysis;
	}

}
