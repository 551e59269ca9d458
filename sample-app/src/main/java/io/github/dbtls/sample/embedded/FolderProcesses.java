package io.github.dbtls.sample.embedded;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Processes of ours that run from a folder. A Ctrl-C while the database is being
 * installed may end neither the shell script that does it nor the server that the script
 * has started.
 */
final class FolderProcesses {

	private final Set<String> folders;

	FolderProcesses(PrivateFolder folder) {
		// With its end, since the name of another folder may begin with that of this one.
		this.folders = Stream.of(folder.path(), realPath(folder))
			.map((path) -> path + File.separator)
			.collect(Collectors.toSet());
	}

	/**
	 * Returns the path without links, as the system tells where a program is. On macOS,
	 * temporary folders are behind a link.
	 * @param folder the folder
	 * @return the real path, or the one that it has if it is no longer there
	 */
	private static Path realPath(PrivateFolder folder) {
		try {
			return folder.path().toRealPath();
		}
		catch (IOException ex) {
			return folder.path().toAbsolutePath();
		}
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
		// The script is a shell with the folder among its arguments. When it has ended,
		// the server is no descendant any more.
		Stream<ProcessHandle> scripts = ProcessHandle.current()
			.descendants()
			.filter((process) -> process.info()
				.commandLine()
				.filter((line) -> this.folders.stream().anyMatch(line::contains))
				.isPresent());
		Stream<ProcessHandle> programs = ProcessHandle.allProcesses()
			.filter((process) -> process.info()
				.command()
				.filter((path) -> this.folders.stream().anyMatch(path::startsWith))
				.isPresent());
		return Stream.concat(scripts, programs).distinct().toList();
	}

}
