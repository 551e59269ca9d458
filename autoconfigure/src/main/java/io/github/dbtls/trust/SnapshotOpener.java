package io.github.dbtls.trust;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;

/**
 * Opens what was read before: what is judged and put in force is exactly what was found
 * to be stable, whatever the file holds by now.
 *
 * @param contents the bytes of the files that were read
 * @param others opens all others, those of the class path
 */
record SnapshotOpener(Map<Path, byte[]> contents, LoadContext.Opener others) implements LoadContext.Opener {

	@Override
	public InputStream open(Path file) throws IOException {
		byte[] bytes = this.contents.get(file);
		return (bytes != null) ? new ByteArrayInputStream(bytes) : this.others.open(file);
	}

}
