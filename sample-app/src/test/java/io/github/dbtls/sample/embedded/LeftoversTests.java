package io.github.dbtls.sample.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Leftovers}.
 */
class LeftoversTests {

	@TempDir
	private Path directory;

	private Path own;

	@BeforeEach
	void createOwn() throws IOException {
		this.own = folder("dbtls-sample-own", OwnerMark.current().toString());
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void killedRunIsClearedWithItsServer() throws Exception {
		Path left = folder("dbtls-sample-1", ended());
		Path other = folder("dbtls-sample-12", OwnerMark.current().toString());
		Process server = server(left);
		Process otherServer = server(other);
		try {
			clear();
			assertThat(server.waitFor(10, TimeUnit.SECONDS)).isTrue();
			assertThat(left).doesNotExist();
			assertThat(other).exists();
			assertThat(otherServer.isAlive()).isTrue();
		}
		finally {
			server.destroyForcibly();
			otherServer.destroyForcibly();
		}
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void serverIsFoundWhereFolderIsBehindLink() throws Exception {
		Path real = folder("dbtls-sample-1", ended());
		Path link = Files.createSymbolicLink(this.directory.resolve("link"), real);
		Process server = server(real);
		try {
			new FolderProcesses(PrivateFolder.existing(link)).kill();
			assertThat(server.waitFor(10, TimeUnit.SECONDS)).isTrue();
		}
		finally {
			server.destroyForcibly();
		}
	}

	@Test
	void runThatGoesOnIsLeftAlone() throws Exception {
		clear();
		assertThat(this.own).exists();
	}

	@Test
	void processOfTheSameNumberThatStartedAtAnotherTimeIsAnother() throws Exception {
		OwnerMark current = OwnerMark.current();
		Path left = folder("dbtls-sample-1", new OwnerMark(current.process(), current.start() - 60_000).toString());
		clear();
		assertThat(left).doesNotExist();
	}

	@Test
	void whatIsNotMarkedIsLeftAlone() throws Exception {
		Path unmarked = Files.createDirectories(this.directory.resolve("dbtls-sample-1"));
		Path unreadable = folder("dbtls-sample-2", "no number");
		Path otherName = folder("other-1", ended());
		clear();
		assertThat(unmarked).exists();
		assertThat(unreadable).exists();
		assertThat(otherName).exists();
	}

	@Test
	@EnabledOnOs({ OS.LINUX, OS.MAC })
	void linkIsNotFollowed() throws Exception {
		Path target = folder("target", ended());
		Files.createSymbolicLink(this.directory.resolve("dbtls-sample-1"), target);
		clear();
		assertThat(target.resolve(OwnerMark.FILE)).exists();
	}

	private void clear() {
		new Leftovers(PrivateFolder.existing(this.own)).clear();
	}

	private Path folder(String name, String mark) throws IOException {
		Path folder = Files.createDirectories(this.directory.resolve(name));
		Files.writeString(folder.resolve(OwnerMark.FILE), mark);
		return folder;
	}

	/** Mark of a process that has ended. */
	private static String ended() throws Exception {
		Process process = new ProcessBuilder(java(), "-version").redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start();
		String mark = new OwnerMark(process.pid(), System.currentTimeMillis()).toString();
		process.waitFor();
		return mark;
	}

	/** A program that runs from a folder until it is ended, as the server does. */
	private static Process server(Path folder) throws IOException {
		Path program = folder.resolve("base").resolve("mariadbd");
		Files.createDirectories(program.getParent());
		Files.copy(Path.of("/bin/sleep").toRealPath(), program);
		assertThat(program.toFile().setExecutable(true)).isTrue();
		return new ProcessBuilder(program.toString(), "100").start();
	}

	private static String java() {
		return Path.of(System.getProperty("java.home"), "bin", "java").toString();
	}

}
