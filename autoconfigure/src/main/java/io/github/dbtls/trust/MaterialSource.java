package io.github.dbtls.trust;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.dbtls.DbTlsConfigurationException;
import io.github.dbtls.TlsPolicy;
import io.github.dbtls.TrustSource.CaFile;

/**
 * Where the material of one pool comes from.
 */
public final class MaterialSource {

	private final TlsPolicy policy;

	private final LoadContext context;

	private final List<WatchedFile> files;

	private MaterialSource(TlsPolicy policy, LoadContext context) {
		this.policy = policy;
		this.context = context;
		this.files = files(policy, context);
	}

	/**
	 * Return where the material of a policy comes from.
	 * @param policy the policy
	 * @return its source
	 * @throws DbTlsConfigurationException if a location cannot be one
	 */
	public static MaterialSource of(TlsPolicy policy) {
		return of(policy, LoadContext.standard());
	}

	static MaterialSource of(TlsPolicy policy, LoadContext context) {
		return new MaterialSource(policy, context);
	}

	private static List<WatchedFile> files(TlsPolicy policy, LoadContext context) {
		List<WatchedFile> files = new ArrayList<>();
		if (policy.trust() instanceof CaFile file) {
			add(files, FileSetting.of(file), context);
		}
		if (policy.clientKey() != null) {
			LoadContext client = ClientKeyLoader.bounded(context);
			add(files, FileSetting.ofCertificate(policy.clientKey()), client);
			add(files, FileSetting.ofPrivateKey(policy.clientKey()), client);
		}
		return files;
	}

	private static void add(List<WatchedFile> files, FileSetting setting, LoadContext context) {
		Location location = Location.of(setting);
		if (location.file() != null) {
			files.add(new WatchedFile(location.file(), location, location.problem(setting), context));
		}
	}

	/**
	 * Return whether the material can change while the application runs. The class path
	 * and the roots of the JVM do not.
	 * @return whether a file is among its sources
	 */
	public boolean isWatchable() {
		return !this.files.isEmpty();
	}

	/**
	 * Read the files as they are now, without judging what they hold.
	 * @return their content
	 * @throws DbTlsConfigurationException if one cannot be read
	 */
	public MaterialSnapshot read() {
		Map<Path, byte[]> contents = new LinkedHashMap<>();
		for (WatchedFile file : this.files) {
			// Certificate and key may be one file: read twice, it could change in
			// between.
			contents.computeIfAbsent(file.path(), (path) -> file.location().read(file.problem(), file.context()));
		}
		return new MaterialSnapshot(contents, this);
	}

	/**
	 * Judge what was read, by the rules that apply at startup.
	 * @param contents the bytes of each file
	 * @return the material
	 */
	PoolMaterial load(Map<Path, byte[]> contents) {
		LoadContext.Opener opener = new SnapshotOpener(contents, this.context.opener());
		LoadContext snapshot = new LoadContext(this.context.clock(), this.context.classLoader(), this.context.limits(),
				opener);
		List<String> warnings = new ArrayList<>();
		TrustMaterial trust = TrustLoader.load(this.policy.trust(), snapshot, warnings::add);
		ClientKey clientKey = (this.policy.clientKey() != null)
				? ClientKeyLoader.load(this.policy.clientKey(), snapshot, warnings::add) : null;
		return new PoolMaterial(trust, clientKey, warnings);
	}

	/**
	 * A file that may change.
	 *
	 * @param path the file
	 * @param location its location
	 * @param problem words what is wrong with it
	 * @param context how much is read
	 */
	private record WatchedFile(Path path, Location location, Problem problem, LoadContext context) {
	}

}
