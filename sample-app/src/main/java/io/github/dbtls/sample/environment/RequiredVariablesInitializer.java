package io.github.dbtls.sample.environment;

import java.util.List;

import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.util.StringUtils;

/**
 * Checks that the variables listed in {@code sample.required-variables} are set. Without
 * it a forgotten one would end up in the JDBC URL as the text of its placeholder, and an
 * empty one as {@code localhost}.
 */
class RequiredVariablesInitializer implements ApplicationContextInitializer<ConfigurableApplicationContext>, Ordered {

	@Override
	public void initialize(ConfigurableApplicationContext context) {
		ConfigurableEnvironment environment = context.getEnvironment();
		List<String> names = List
			.of(environment.getProperty("sample.required-variables", String[].class, new String[0]));
		List<String> missing = names.stream()
			.filter((name) -> !StringUtils.hasText(environment.getProperty(name)))
			.toList();
		if (!missing.isEmpty()) {
			throw new MissingVariablesException(missing, List.of(environment.getActiveProfiles()));
		}
	}

	/** Before anything is started that would have to be stopped again. */
	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE;
	}

}
