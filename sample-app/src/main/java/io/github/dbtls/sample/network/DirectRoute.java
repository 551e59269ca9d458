package io.github.dbtls.sample.network;

import java.io.IOException;
import java.net.Socket;

/**
 * Straight to the database.
 *
 * @param port port of the database
 */
public record DirectRoute(int port) implements Route {

	@Override
	public void serve(Socket client, Line line) throws IOException {
		line.relay(client, line.connect(this.port), (count) -> {
		});
	}

}
