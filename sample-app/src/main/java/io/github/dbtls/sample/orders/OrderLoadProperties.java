package io.github.dbtls.sample.orders;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * How many orders there are.
 *
 * @param autoStart whether orders fall due from the start
 * @param rate how many fall due in a second
 */
@ConfigurationProperties("sample.load")
record OrderLoadProperties(boolean autoStart, @DefaultValue("1") int rate) {

	OrderLoadProperties {
		Assert.isTrue(rate >= 1 && rate <= 100, "'sample.load.rate' must be from 1 to 100");
	}

}
