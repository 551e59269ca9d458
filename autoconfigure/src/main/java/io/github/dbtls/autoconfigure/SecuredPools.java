package io.github.dbtls.autoconfigure;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Stream;

import io.github.dbtls.connectorj.PoolRegistry;
import io.github.dbtls.tls.PoolObserver;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.ssl.SslBundles;

/**
 * All that dbtls secured in this application context; what its ancestors secured is found
 * as well. When it closes, nothing of it stays behind in the JVM but pools of an ancestor
 * that has no dbtls, which go with that.
 */
final class SecuredPools implements DisposableBean {

	static final String BEAN = "dbTlsSecuredPools";

	private final List<SecuredPool> pools = new CopyOnWriteArrayList<>();

	/** Those that were secured here, and belong to an ancestor. */
	private final Map<SecuredPool, SecuredPools> ofAncestors = new ConcurrentHashMap<>();

	/** Pools of ancestors that this context uses, whoever secured them. */
	private final Map<SecuredPool, SecuredPools> used = new ConcurrentHashMap<>();

	/**
	 * The contexts that use a pool which belongs here: the first follows it, and the next
	 * when that closes. Guarded by itself.
	 */
	private final Map<SecuredPool, List<SecuredPools>> users = new HashMap<>();

	private final @Nullable PoolOwners owners;

	private final Reloads reloads;

	private final List<PoolObserver> observers;

	private volatile boolean verifying;

	SecuredPools(@Nullable PoolOwners owners, Reloads reloads) {
		this(owners, reloads, List.of());
	}

	SecuredPools(@Nullable PoolOwners owners, Reloads reloads, Collection<? extends PoolObserver> observers) {
		this.owners = owners;
		this.reloads = reloads;
		this.observers = List.copyOf(observers);
	}

	/**
	 * Return the application context that a source of connections belongs to.
	 * @param source the source
	 * @return what that context owns: this, or an ancestor's
	 */
	SecuredPools ownerOf(ConnectionSource source) {
		SecuredPools ancestor = (this.owners != null) ? this.owners.ancestorWith(source) : null;
		return (ancestor != null) ? ancestor : this;
	}

	/**
	 * Return whether SSL bundles may be followed for a pool that belongs to this context,
	 * however soon the one that secures it closes.
	 * @param bundles the SSL bundles
	 * @return whether they are there as long as the pool
	 */
	boolean outlive(SslBundles bundles) {
		return this.owners != null && this.owners.have(bundles);
	}

	/**
	 * Return what looks for changed files of the pools that belong to this context.
	 * @return the reloads
	 */
	Reloads reloads() {
		return this.reloads;
	}

	/**
	 * Add a pool that was secured here.
	 * @param pool the pool
	 * @param owner where it belongs
	 */
	void add(SecuredPool pool, SecuredPools owner) {
		if (owner != this) {
			owner.add(pool);
			this.ofAncestors.put(pool, owner);
		}
		add(pool, owner == this);
		if (owner != this) {
			use(pool, owner);
		}
	}

	/**
	 * Follow a pool that was secured before, if it is an ancestor's and nobody else below
	 * that does.
	 * @param pool the pool
	 */
	void use(SecuredPool pool) {
		if (this.owners != null && !this.pools.contains(pool)) {
			this.owners.ancestors()
				.filter((ancestor) -> ancestor.pools.contains(pool) && !ancestor.ofAncestors.containsKey(pool))
				.findFirst()
				.ifPresent((owner) -> use(pool, owner));
		}
	}

	private void use(SecuredPool pool, SecuredPools owner) {
		synchronized (owner.users) {
			List<SecuredPools> users = owner.users.computeIfAbsent(pool, (key) -> new ArrayList<>());
			if (!users.contains(this)) {
				users.add(this);
				this.used.put(pool, owner);
				if (users.get(0) == this) {
					observe(pool, owner.observers);
				}
			}
		}
	}

	private void leave(SecuredPool pool, SecuredPools owner) {
		synchronized (owner.users) {
			List<SecuredPools> users = owner.users.getOrDefault(pool, new ArrayList<>());
			boolean first = !users.isEmpty() && users.get(0) == this;
			users.remove(this);
			if (first && !users.isEmpty()) {
				// Before this one lets go of it: what they count together goes on.
				users.get(0).observe(pool, owner.observers);
			}
			if (users.isEmpty()) {
				owner.users.remove(pool);
			}
		}
		released(pool);
	}

	/**
	 * Add a pool, and forget those that closed meanwhile: those of a prototype or a
	 * scope.
	 * @param pool the pool
	 */
	void add(SecuredPool pool) {
		add(pool, true);
	}

	private void add(SecuredPool pool, boolean own) {
		this.pools.stream().filter((other) -> other.source().isClosed()).forEach(this::remove);
		this.pools.add(pool);
		if (own) {
			observe(pool, List.of());
		}
	}

	private void observe(SecuredPool pool, List<PoolObserver> others) {
		// What follows it in its own context counts it once.
		this.observers.stream()
			.filter((observer) -> others.stream().noneMatch((other) -> other.getClass() == observer.getClass()))
			.forEach((observer) -> observer.secured(pool.tls()));
	}

	/**
	 * Forget a pool: its connections fail from now on.
	 * @param pool the pool
	 */
	void remove(SecuredPool pool) {
		if (this.pools.remove(pool)) {
			released(pool);
			usersOf(pool).forEach((user) -> {
				user.used.remove(pool);
				user.released(pool);
			});
			SecuredPools owner = this.ofAncestors.remove(pool);
			if (owner != null) {
				owner.remove(pool);
				return;
			}
			PoolRegistry.remove(pool.id());
			this.reloads.remove(pool);
		}
	}

	private List<SecuredPools> usersOf(SecuredPool pool) {
		synchronized (this.users) {
			List<SecuredPools> users = this.users.remove(pool);
			return (users != null) ? users : List.of();
		}
	}

	private void released(SecuredPool pool) {
		this.observers.forEach((observer) -> observer.released(pool.tls()));
	}

	/**
	 * Return what was secured in this application context, not in its ancestors.
	 * @return a copy
	 */
	List<SecuredPool> all() {
		return List.copyOf(this.pools);
	}

	/**
	 * Return what was secured in this application context or an ancestor, and has not
	 * closed since.
	 * @return a copy
	 */
	List<SecuredPool> open() {
		Stream<SecuredPools> ancestors = (this.owners != null) ? this.owners.ancestors() : Stream.empty();
		// A pool that was secured here for an ancestor is in the list of both.
		return Stream.concat(Stream.of(this), ancestors)
			.flatMap((context) -> context.pools.stream())
			.distinct()
			.filter((pool) -> !pool.source().isClosed())
			.toList();
	}

	/**
	 * Make the handshakes of {@code dbtls.verify-at-startup}, also those of pools that
	 * come later, when they come.
	 */
	void verifyFromNowOn() {
		this.verifying = true;
		this.pools.forEach(this::verify);
	}

	/**
	 * Tell that a pool is ready.
	 * @param pool the pool
	 */
	void secured(SecuredPool pool) {
		if (this.verifying) {
			verify(pool);
		}
	}

	private void verify(SecuredPool pool) {
		if (pool.verifiedAtStartup()) {
			StartupVerification.verify(pool);
		}
	}

	@Nullable SecuredPool find(Object target) {
		return find((pool) -> pool.target() == target);
	}

	@Nullable SecuredPool findById(@Nullable String id) {
		return find((pool) -> pool.id().equals(id));
	}

	private @Nullable SecuredPool find(Predicate<SecuredPool> condition) {
		SecuredPool found = this.pools.stream().filter(condition).findFirst().orElse(null);
		return (found == null && this.owners != null) ? this.owners.ancestors()
			.flatMap((ancestor) -> ancestor.pools.stream())
			.filter(condition)
			.findFirst()
			.orElse(null) : found;
	}

	@Override
	public void destroy() {
		this.pools.stream().filter((pool) -> !this.ofAncestors.containsKey(pool)).forEach(this::remove);
		// Those of an ancestor go on without this context.
		this.used.forEach(this::leave);
		this.used.clear();
		this.pools.clear();
		this.ofAncestors.clear();
	}

}
