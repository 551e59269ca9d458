package io.github.dbtls.benchmarks;

import java.nio.file.Files;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link DocsPage}.
 */
class DocsPageTests {

	@Test
	void reportTakesThePlaceOfTheOlderOne() {
		String page = "# Performance\n\n<!-- report -->\n\nold\n\n<!-- /report -->\n\n## Limits\n";
		String report = "# What it costs\n\nWords.\n\n## Targets\n\n| a |\n|---|\n\n### Where\n";
		assertThat(DocsPage.insert(page, report)).isEqualTo("""
				# Performance

				<!-- report -->

				Words.

				### Targets

				| a |
				|---|

				#### Where

				<!-- /report -->

				## Limits
				""");
	}

	@Test
	void pageWithoutPlaceForTheReportIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> DocsPage.insert("<!-- /report --><!-- report -->", "x"))
			.withMessage("The page has no '<!-- report -->' with '<!-- /report -->' behind it");
	}

	@Test
	void documentationHasThePlace() throws Exception {
		String page = Files.readString(DocsPage.standard().file());
		assertThat(DocsPage.insert(page, "# Title\n\nthe tables\n")).contains("\n\nthe tables\n\n");
	}

}
