package io.github.dbtls.trust;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Opens what was read before: what is judged and put in force is exactly what was found
 * to be stable, whatever has become of the file by now.
 *
 * @param contents the bytes of the files that were read
 * @param others opens all others, those of the class path
 */
record SnapshotOpener(Map<Path, byte[]> contents, LoadContext.Opener others) implements LoadContext.Opener {

	@Override
	public InputStream open(Path file) throws IOException {
		return this.others.open(file);
	}

	@Override
	public byte @Nullable [] held(Path file) {
		return this.contents.get(file);
	}

}
