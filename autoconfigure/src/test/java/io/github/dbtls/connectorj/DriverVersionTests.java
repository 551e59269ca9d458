package io.github.dbtls.connectorj;

import com.mysql.cj.Constants;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Tests that the build runs with the drivers that it says it runs with.
 */
class DriverVersionTests {

	@Test
	void driverIsTheOneThatTheBuildNames() throws ReflectiveOperationException {
		String expected = System.getProperty("dbtls-test.connectorj-version");
		assumeThat(expected).as("set by the build").isNotNull();
		// By reflection: the compiler copies constants.
		assertThat(Constants.class.getField("CJ_VERSION").get(null)).isEqualTo(expected);
	}

}
