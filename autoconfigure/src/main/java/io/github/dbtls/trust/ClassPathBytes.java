package io.github.dbtls.trust;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;

import org.springframework.core.io.ClassPathResource;
import org.springframework.util.ResourceUtils;

/**
 * Reads a resource of the class path, out of an executable jar too.
 *
 * @param name the name, without leading slash
 * @param problem words what is wrong
 * @param context limits and class loader
 * @param missing words that it does not exist
 */
record ClassPathBytes(String name, Problem problem, LoadContext context, MissingFile missing) {

	byte[] read() {
		try {
			ClassPathResource resource = new ClassPathResource(this.name, this.context.classLoader());
			if (!resource.exists()) {
				throw this.missing.exception();
			}
			URL url = resource.getURL();
			if (ResourceUtils.URL_PROTOCOL_FILE.equals(url.getProtocol())) {
				// A directory would give a listing, a pipe would block: see FileBytes.
				return new FileBytes(Path.of(ResourceUtils.toURI(url)), this.problem, this.context, this.missing)
					.read();
			}
			if (new ClassPathResource(this.name + "/", this.context.classLoader()).exists()) {
				throw this.problem.which("is a directory", "Name the certificate file in it.");
			}
			try (InputStream stream = resource.getInputStream()) {
				return BoundedInput.read(stream, this.problem, this.context.limits());
			}
		}
		catch (FileNotFoundException ex) {
			throw this.missing.exception();
		}
		catch (IOException | URISyntaxException ex) {
			throw this.problem.which("cannot be read from the class path: " + Texts.reason(ex),
					"Find out whether the jar that holds it is whole.", ex);
		}
	}

}
