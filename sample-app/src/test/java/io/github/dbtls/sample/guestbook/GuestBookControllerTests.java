package io.github.dbtls.sample.guestbook;

import java.util.List;

import io.github.dbtls.sample.live.HealthAnswer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.thymeleaf.spring6.SpringTemplateEngine;
import org.thymeleaf.spring6.view.ThymeleafViewResolver;
import org.thymeleaf.templateresolver.ClassLoaderTemplateResolver;

import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;

/**
 * Tests for {@link GuestBookController} and its template: what the page says to whoever
 * has no JavaScript.
 */
class GuestBookControllerTests {

	private final GuestBook guestBook = mock(GuestBook.class);

	@ParameterizedTest
	@CsvSource({ "verify-identity, true, and the server has proven who it is.",
			"verify-ca, true, and a trusted authority vouches for the server.",
			"required, false, but nobody has proven who the server is." })
	void headlineSaysWhatIsProven(String sslMode, boolean verified, String sentence) throws Exception {
		String page = page(new HealthAnswer("UP", details(sslMode, verified, null)));
		assertThat(page).containsOnlyOnce("Encrypted with TLSv1.3, ").contains("Encrypted with TLSv1.3, " + sentence);
		assertThat(page.contains("the name in its certificate is not compared")).isEqualTo(sslMode.equals("verify-ca"));
	}

	@Test
	void entriesAreShownWhenTheConnectionIsUp() throws Exception {
		given(this.guestBook.latest()).willReturn(List.of(new GuestBookEntry("Ann", "Hello there")));
		assertThat(page(new HealthAnswer("UP", details("verify-identity", true, null)))).contains("Hello there");
	}

	@Test
	void whyThereIsNoConnectionIsSaid() throws Exception {
		String page = page(new HealthAnswer("DOWN",
				details("verify-ca", true, new HealthAnswer.Error("EXPIRED", "It expired yesterday."))));
		assertThat(page).contains("There is no safe connection", "It expired yesterday.", "EXPIRED",
				"The entries appear here when the connection is safe.");
		assertThat(page).doesNotContain("is not compared");
	}

	@Test
	void withoutHealthNothingIsSecured() throws Exception {
		assertThat(page(new HealthAnswer("UNKNOWN", null))).contains("No connection is secured.");
	}

	private String page(HealthAnswer health) throws Exception {
		ClassLoaderTemplateResolver templates = new ClassLoaderTemplateResolver();
		templates.setPrefix("templates/");
		templates.setSuffix(".html");
		SpringTemplateEngine engine = new SpringTemplateEngine();
		engine.setTemplateResolver(templates);
		ThymeleafViewResolver views = new ThymeleafViewResolver();
		views.setTemplateEngine(engine);
		views.setCharacterEncoding("UTF-8");
		MockMvc web = MockMvcBuilders.standaloneSetup(new GuestBookController(() -> health, this.guestBook))
			.setViewResolvers(views)
			.build();
		return web.perform(get("/")).andReturn().getResponse().getContentAsString();
	}

	private static HealthAnswer.Details details(String sslMode, boolean verified, HealthAnswer.Error error) {
		return new HealthAnswer.Details("mysql", sslMode, verified, "TLSv1.3", "TLS_AES_256_GCM_SHA384", false,
				"db:3306", null, null, null, error);
	}

}
