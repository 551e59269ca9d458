package io.github.dbtls.autoconfigure;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * DataSources that the user keeps out of dbtls. Each is shouted once. What opens their
 * connections is kept out as well, under whatever name it is met again: a migration tool
 * or a proxy around an exempt pool must not change it.
 */
final class Exemptions {

	private static final Log logger = LogFactory.getLog("io.github.dbtls");

	private final Policies policies;

	private final Set<String> used = ConcurrentHashMap.newKeySet();

	private final List<WeakReference<Object>> targets = new CopyOnWriteArrayList<>();

	private final @Nullable Exemptions parent;

	Exemptions(Policies policies, @Nullable Exemptions parent) {
		this.policies = policies;
		this.parent = parent;
	}

	boolean covers(String dataSource) {
		if (!this.policies.isExempt(dataSource)) {
			return false;
		}
		if (this.used.add(dataSource)) {
			logger.warn("%s: not secured by dbtls, since 'dbtls.data-sources.%s.enabled' is false".formatted(dataSource,
					dataSource));
		}
		return true;
	}

	/**
	 * Keep what opens the connections of an exempt DataSource out of dbtls.
	 * @param source the source
	 */
	void add(ConnectionSource source) {
		this.targets.removeIf((target) -> target.refersTo(null));
		if (!covers(source)) {
			this.targets.add(new WeakReference<>(source.target()));
		}
	}

	/**
	 * Return whether a source of connections belongs to an exempt DataSource of this
	 * application context or an ancestor.
	 * @param source the source
	 * @return whether it is kept out of dbtls
	 */
	boolean covers(ConnectionSource source) {
		return this.targets.stream().anyMatch((target) -> target.refersTo(source.target()))
				|| (this.parent != null && this.parent.covers(source));
	}

	Set<String> used() {
		return Set.copyOf(this.used);
	}

	/**
	 * Return what a user can do about a DataSource that cannot be secured.
	 * @param remedy the way that keeps it secured, without a full stop
	 * @param dataSource its name
	 * @return both ways
	 */
	static String orElse(String remedy, String dataSource) {
		return "%s. If this DataSource shall stay without dbtls, exempt it with 'dbtls.data-sources.%s.enabled: false': its connections are then what their own settings make of them."
			.formatted(remedy, dataSource);
	}

}
