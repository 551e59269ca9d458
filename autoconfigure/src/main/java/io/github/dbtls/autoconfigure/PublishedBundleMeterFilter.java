package io.github.dbtls.autoconfigure;

import java.util.Map;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;

/**
 * Denies the meters that Boot makes of a bundle of ours, one for each certificate, where
 * there are too many of them to be looked at: the bundle of Amazon RDS would be more than
 * a hundred time series for each instance. Boot makes them anew with each update of the
 * bundle, so that those made before it grew go, and come back when it shrinks.
 * <p>
 * It has no order: a filter of the application's own that accepts them comes first.
 */
final class PublishedBundleMeterFilter implements MeterFilter {

	/** The largest bundle with a meter for each certificate. */
	static final int MOST_CERTIFICATES = 20;

	private static final String METER = "ssl.chain.expiry";

	private static final String BUNDLE = "bundle";

	private final Map<String, Integer> sizes;

	/**
	 * Create the filter. A meter registry may be kept by others for longer than its
	 * context lives, so it gets nothing that leads to the context.
	 * @param sizes the number of certificates in each bundle of ours
	 */
	PublishedBundleMeterFilter(Map<String, Integer> sizes) {
		this.sizes = sizes;
	}

	@Override
	public MeterFilterReply accept(Meter.Id id) {
		String bundle = METER.equals(id.getName()) ? id.getTag(BUNDLE) : null;
		return (bundle != null && this.sizes.getOrDefault(bundle, 0) > MOST_CERTIFICATES) ? MeterFilterReply.DENY
				: MeterFilterReply.NEUTRAL;
	}

}
