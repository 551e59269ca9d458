package io.github.dbtls.autoconfigure;

import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link HealthComponentNames}.
 */
class HealthComponentNamesTests {

	@Test
	void freeWhenTheNameIsFreeIsTheName() {
		assertThat(HealthComponentNames.free(Set.of("orders"), "billing", "pool")).isEqualTo("billing");
	}

	@Test
	void freeWhenTheNameIsTakenHasThePoolsName() {
		assertThat(HealthComponentNames.free(Set.of("orders"), "orders", "eu/west")).isEqualTo("orders-eu-west");
	}

	@Test
	void freeHasNoSlashWhereverItComesFrom() {
		assertThat(HealthComponentNames.free(Set.of(), "eu/orders", "pool")).isEqualTo("eu-orders");
		assertThat(HealthComponentNames.free(Set.of("eu-orders"), "eu/orders", "eu/west"))
			.isEqualTo("eu-orders-eu-west");
		assertThat(HealthComponentNames.free(Set.of("eu-orders"), "eu/orders", null)).isEqualTo("eu-orders-2");
	}

	@Test
	void freeWhenNothingTellsThemApartHasANumber() {
		assertThat(HealthComponentNames.free(Set.of("orders"), "orders", null)).isEqualTo("orders-2");
		assertThat(HealthComponentNames.free(Set.of("orders", "orders-2"), "orders", null)).isEqualTo("orders-3");
		assertThat(HealthComponentNames.free(Set.of("orders", "orders-p"), "orders", "p")).isEqualTo("orders-p-2");
	}

}
