package io.github.dbtls.sample.embedded;

import java.io.File;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Processes of ours that run from a folder. A Ctrl-C while the database is being
 * installed may end neither the shell script that does it nor the server that the script
 * has started.
 */
final class FolderProcesses {

	private final String folder;

	FolderProcesses(PrivateFolder folder) {
		// With its end, since the name of another folder may begin with that of this one.
		this.folder = folder + File.separator;
	}

	/**
	 * Kills the processes, and those that they have started meanwhile, and waits for
	 * their end.
	 */
	void kill() {
		for (List<ProcessHandle> found = find(); !found.isEmpty(); found = find()) {
			found.forEach(ProcessHandle::destroyForcibly);
			CompletableFuture
				.allOf(found.stream().map(ProcessHandle::onExit).toArray((length) -> new CompletableFuture<?>[length]))
				.orTimeout(10, TimeUnit.SECONDS)
				.join();
		}
	}

	private List<ProcessHandle> find() {
		// The script is a shell with the folder among its arguments, and if it has ended,
		// the
		// server is no descendant any more.
		Stream<ProcessHandle> scripts = ProcessHandle.current()
			.descendants()
			.filter((process) -> process.info().commandLine().filter((line) -> line.contains(this.folder)).isPresent());
		Stream<ProcessHandle> programs = ProcessHandle.allProcesses()
			.filter((process) -> process.info().command().filter((path) -> path.startsWith(this.folder)).isPresent());
		return Stream.concat(scripts, programs).distinct().toList();
	}

}
